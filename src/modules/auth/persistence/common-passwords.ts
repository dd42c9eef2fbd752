import { dictionary } from '@zxcvbn-ts/language-common';
import { LOCAL_PASSWORDS } from '../domain/common-passwords.ts';
import { normalizePassword, SHORTEST_PASSWORD } from '../domain/password.ts';

/**
 * Passwords that no account may have: the most common ones of leaked lists, the commonest first there, and ours. Only those
 * that the rule on length lets pass; some 18 000, many times what ASVS 6.2.4 asks for.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([
  ...dictionary['passwords-common']
    .map((password) => normalizePassword(password).toLowerCase())
    .filter((password) => [...password].length >= SHORTEST_PASSWORD),
  ...LOCAL_PASSWORDS,
]);
