import { expect, test } from 'vitest';
import { GUEST_PAGES as inTheApp } from '../../web/guest/addresses.ts';
import { GUEST_PAGES } from './web-apps.ts';

test('every address of the guest app is answered with its page', () => {
  expect(GUEST_PAGES).toEqual(inTheApp);
});
