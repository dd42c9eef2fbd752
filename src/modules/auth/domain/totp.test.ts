import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base32, stepOfCode, totpCode, totpUri, type HmacSha1 } from './totp.ts';

const hmac: HmacSha1 = (key, message) => createHmac('sha1', key).update(message).digest();
/** The secret of RFC 6238, appendix B. */
const SECRET = Buffer.from('12345678901234567890');
const STEP_MS = 30_000;

describe('codes of an authenticator app', () => {
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238, appendix B: after %i s it is %s', (seconds, code) => {
    expect(totpCode(hmac, SECRET, Math.floor(seconds / 30))).toBe(code);
  });

  test('count 30 s before and after their own, and no longer', () => {
    const [step, code] = [1_000_000, totpCode(hmac, SECRET, 1_000_000)];
    const at = (nowMs: number) => stepOfCode(hmac, { secret: SECRET, code, nowMs, usedStep: 0 });
    expect(at((step - 1) * STEP_MS - 1)).toBeNull();
    expect(at((step - 1) * STEP_MS)).toBe(step);
    expect(at((step + 2) * STEP_MS - 1)).toBe(step);
    expect(at((step + 2) * STEP_MS)).toBeNull();
  });

  test('count once, and none before a used one counts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 32 }), fc.integer({ min: -1, max: 1 }), (used, offset) => {
        const code = totpCode(hmac, SECRET, used + offset);
        const found = stepOfCode(hmac, { secret: SECRET, code, nowMs: used * STEP_MS, usedStep: used });
        expect(found === null || found > used).toBe(true);
      }),
    );
  });

  test('wrong ones and what is no code at all count never', () => {
    const nowMs = 1_000_000 * STEP_MS;
    for (const code of ['', '000000', 'abcdef', '1234567']) {
      expect(stepOfCode(hmac, { secret: SECRET, code, nowMs, usedStep: 0 })).toBeNull();
    }
  });
});

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 is that of RFC 4648 without padding: %s is %s', (text, expected) => {
  expect(base32(Buffer.from(text))).toBe(expected);
});

test('the address for the QR code names whose code it is and how it is made', () => {
  expect(totpUri(SECRET, '+996555123456')).toBe(
    'otpauth://totp/Sky%20Park:%2B996555123456?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sky%20Park&algorithm=SHA1&digits=6&period=30',
  );
});
