import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemIds } from '../../../infrastructure/ids.ts';
import { hashOf, maskToken, newRefreshToken, unmaskToken, type Sha256 } from './refresh-token.ts';

const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest();

test('a token has 256 bits and no two are alike', () => {
  const tokens = Array.from({ length: 100 }, () => newRefreshToken(systemIds));
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('a masked token is read with its parent and with nothing else that is kept', () => {
  const [parent, token, stranger] = [
    newRefreshToken(systemIds),
    newRefreshToken(systemIds),
    newRefreshToken(systemIds),
  ];
  const masked = maskToken(sha256, token, parent);
  expect(masked).toHaveLength(32);
  expect(unmaskToken(sha256, masked, parent)).toBe(token);
  expect(unmaskToken(sha256, masked, stranger)).not.toBe(token);
  expect(Buffer.from(masked).toString('base64url')).not.toBe(token);
  // The kept hash of the parent is no pad.
  const pad = hashOf(sha256, parent);
  const opened = Buffer.from(masked.map((byte, index) => byte ^ (pad[index] ?? 0))).toString('base64url');
  expect(opened).not.toBe(token);
});
