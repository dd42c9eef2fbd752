import { expect, test } from 'vitest';
import { relyingPartyOf } from './relying-party.ts';

test.each([
  ['https://park.example', 'https://park.example', 'park.example'],
  ['https://park.example:8443/a/', 'https://park.example:8443', 'park.example'],
  ['http://127.0.0.1:8080', 'http://localhost:8080', 'localhost'],
  ['http://[::1]:8080', 'http://localhost:8080', 'localhost'],
  ['http://localhost:1', 'http://localhost:1', 'localhost'],
])('passkeys of %s are made at %s for %s', (publicUrl, origin, rpId) => {
  expect(relyingPartyOf(publicUrl)).toEqual({ origin, rpId });
});
