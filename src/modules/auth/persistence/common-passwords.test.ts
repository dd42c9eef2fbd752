import { dictionary } from '@zxcvbn-ts/language-common';
import { describe, expect, test } from 'vitest';
import { refuse } from '../../../kernel/result.ts';
import { LOCAL_PASSWORDS } from '../domain/common-passwords.ts';
import { normalizePassword, parseNewPassword } from '../domain/password.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

const PHONE = '+996555123456';
const parse = (text: string) => parseNewPassword(text, PHONE, COMMON_PASSWORDS);

describe('common passwords', () => {
  test('the 3000 commonest that are long enough are refused in any case of letters (ASVS 6.2.4)', () => {
    const commonest = dictionary['passwords-common'].filter((password) => [...password].length >= 8).slice(0, 3_000);
    expect(commonest).toHaveLength(3_000);
    for (const password of [...commonest, ...LOCAL_PASSWORDS]) {
      for (const spelled of [password, password.toUpperCase()]) {
        expect([spelled, parse(spelled)]).toEqual([spelled, refuse({ code: 'password_common' })]);
      }
    }
  });

  test('all in the set could be chosen: eight characters or more, in the spelling that is looked up', () => {
    expect(COMMON_PASSWORDS.size).toBeGreaterThan(15_000);
    for (const password of COMMON_PASSWORDS) {
      expect([...password].length).toBeGreaterThanOrEqual(8);
      expect(password).toBe(normalizePassword(password).toLowerCase());
    }
  });

  test.each(['correct horse battery', 'seven yaks in the snow', 'a horse of Naryn', '83617294'])(
    '%j is none of them',
    (password) => {
      expect(parse(password).ok).toBe(true);
    },
  );
});
