import { keepApp } from './keep-app.ts';

keepApp({ name: 'gate', page: '/gate/', isOurs: (path) => path.startsWith('/gate') });
