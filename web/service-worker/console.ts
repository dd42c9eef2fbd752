import { keepApp } from './keep-app.ts';

keepApp({ name: 'console', page: '/console/', isOurs: (path) => path.startsWith('/console') });
