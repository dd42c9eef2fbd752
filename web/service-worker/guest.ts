import { GUEST_PAGES, isGuestPage } from '../guest/addresses.ts';
import { keepApp } from './keep-app.ts';

keepApp({ name: 'guest', page: GUEST_PAGES[0], isOurs: isGuestPage });
