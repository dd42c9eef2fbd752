import { ok, refuse, type Result } from '../../../kernel/result.ts';

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 128;

/** Words an attacker of this very service tries first. */
const BRAND = /sky|park|скай|парк|ala|archa|ала|арча|bishkek|бишкек|kyrgyz(stan)?|кыргыз(стан)?/gu;
const NOT_LETTERS = /[^\p{L}]/gu;

/** One spelling for what looks the same on every keyboard (NFKC, as NIST SP 800-63B asks). Hashed in this form. */
export const normalizePassword = (text: string): string => text.normalize('NFKC');

/** Whether nothing is left of the password without brand words, digits and signs. */
const isBrandOnly = (lower: string): boolean =>
  /\p{L}/u.test(lower) && lower.replaceAll(NOT_LETTERS, '').replaceAll(BRAND, '') === '';

/** Digits that end the phone number are no secret to anybody who knows the number. */
const isPhone = (password: string, phone: string): boolean => {
  const digits = password.replaceAll(/\D/g, '').replace(/^0+/, '');
  return /^[\d\s+()-]+$/.test(password) && digits.length >= 6 && phone.replaceAll(/\D/g, '').endsWith(digits);
};

/**
 * A new password, normalised, or why it is refused. Length is the only demand on its form; what many people or everybody
 * who knows the owner would try is refused.
 * @param common passwords that many people have, in lower case
 */
export function parseNewPassword(
  text: string,
  phone: string,
  common: ReadonlySet<string>,
): Result<string, { readonly code: 'password_length' | 'password_common' }> {
  const password = normalizePassword(text);
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) return refuse({ code: 'password_length' });
  const lower = password.toLowerCase();
  const isOneCharacter = new Set(lower).size === 1;
  if (isOneCharacter || common.has(lower) || isBrandOnly(lower) || isPhone(password, phone)) {
    return refuse({ code: 'password_common' });
  }
  return ok(password);
}
