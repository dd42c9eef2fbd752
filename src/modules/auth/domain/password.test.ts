import { describe, expect, test } from 'vitest';
import { ok, refuse } from '../../../kernel/result.ts';
import { LOCAL_PASSWORDS } from './common-passwords.ts';
import { normalizePassword, parseNewPassword } from './password.ts';

const PHONE = '+996555123456';
const parse = (text: string) => parseNewPassword(text, PHONE, LOCAL_PASSWORDS);

describe('a new password', () => {
  test.each([
    'correct horse battery',
    'тундра7а',
    'Ысык-Көл жайкы',
    '🎈🎈🎈🎈🎈🎈🎈🐎',
    ' leading and trailing ',
    'x1'.repeat(64),
    'kyrgyzmountainhorse',
    'palace of winds',
    '83617294',
  ])('%j is taken as it is', (text) => {
    expect(parse(text)).toEqual(ok(text));
  });

  test.each(['', 'short', '1234567', 'x1'.repeat(64) + 'x', '🎈🐎🎈🐎🎈🐎🎈', 'a'.repeat(1_000_000)])(
    'has 8 to 128 characters, however many bytes they take (%#)',
    (text) => {
      expect(parse(text)).toEqual(refuse({ code: 'password_length' }));
    },
  );

  test.each([
    'password1',
    'PassWord1',
    '12345678',
    'qwertyuiop',
    'йцукенгшщз',
    'aaaaaaaaaa',
    '........',
    'SkyPark2026',
    'sky-park!!!',
    'скайпарк2026',
    'Ала-Арча 1',
    'kyrgyzstan',
    'Bishkek1996',
    '+996555123456',
    '0555123456',
    '0555 123 456',
    'ｐａｓｓｗｏｒｄ１',
  ])('%j is refused: too many would try it', (text) => {
    expect(parse(text)).toEqual(refuse({ code: 'password_common' }));
  });

  test('is kept in one spelling, so that another keyboard opens the account', () => {
    const composed = 'йогурт и ёлка';
    const decomposed = composed.normalize('NFD');
    expect(decomposed).not.toBe(composed);
    expect(parse(decomposed)).toEqual(ok(composed));
    expect(normalizePassword(decomposed)).toBe(normalizePassword(composed));
  });
});
