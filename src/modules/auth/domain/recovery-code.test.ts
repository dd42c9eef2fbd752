import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  parseRecoveryCode,
  RECOVERY_BYTES,
  RECOVERY_CODES,
  recoveryCodeOf,
  shownRecoveryCode,
} from './recovery-code.ts';

const bytes = fc.uint8Array({ minLength: RECOVERY_BYTES, maxLength: RECOVERY_BYTES });
const number = fc.integer({ min: 0, max: RECOVERY_CODES - 1 });

test('a code is read back as it is shown, however it is typed', () => {
  fc.assert(
    fc.property(bytes, number, (random, index) => {
      const code = recoveryCodeOf(random, index);
      const shown = shownRecoveryCode(code);
      expect(shown).toMatch(/^[A-Z2-7]{2}-[A-Z2-7]{5}-[A-Z2-7]{5}$/);
      expect(parseRecoveryCode(shown)).toEqual(code);
      expect(parseRecoveryCode(` ${shown.toLowerCase().replaceAll('-', ' ')} `)).toEqual(code);
    }),
  );
});

test('each code of a set has a name of its own, and 50 bits that are drawn', () => {
  const random = Buffer.alloc(RECOVERY_BYTES, 0xa5);
  const names = Array.from({ length: RECOVERY_CODES }, (_, index) => recoveryCodeOf(random, index).name);
  expect(new Set(names).size).toBe(RECOVERY_CODES);
  expect(recoveryCodeOf(random, 0).secret).toHaveLength(10);
  const last = Buffer.from(random);
  last.writeUInt8(0xa5 ^ 0x40, 6);
  expect(recoveryCodeOf(last, 0).secret).not.toBe(recoveryCodeOf(random, 0).secret);
});

test('digits that look like letters are taken for them, and what is no code is none', () => {
  expect(parseRecoveryCode('ra-0000l-11118')).toEqual({ name: 'RA', secret: 'OOOOLIIIIB' });
  for (const text of ['', '123456', 'RA-ABCDE', 'RA-ABCDE-FGHIJ-K', 'RA-ABCDE-FGHI9']) {
    expect(parseRecoveryCode(text)).toBeNull();
  }
});
