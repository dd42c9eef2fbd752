import { base32 } from './totp.ts';

/** How many codes one gets at a time. */
export const RECOVERY_CODES = 10;
/** How many random bytes `recoveryCodeOf` wants: 50 bits, and the letters of the name beside them. */
export const RECOVERY_BYTES = 7;

const NAME_LETTERS = 2;
const SECRET_LETTERS = 10;

/**
 * A code that stands in for a device which is lost. The name tells which of the codes it is, so that one slow hash decides
 * and not ten; it is no secret.
 */
export type RecoveryCode = { readonly name: string; readonly secret: string };

/** The letters that are mistaken for digits when they are copied by hand. */
const AS_LETTERS: Readonly<Record<string, string>> = { 0: 'O', 1: 'I', 8: 'B' };

/** A new code from random bytes. @param number which of the codes it is, from 0 */
export function recoveryCodeOf(bytes: Uint8Array, number: number): RecoveryCode {
  const name = base32(Uint8Array.of(number << 3, 0)).slice(0, 1);
  return { name: name.padStart(NAME_LETTERS, 'R'), secret: base32(bytes).slice(0, SECRET_LETTERS) };
}

/** As its owner reads it: `RA-ABCDE-FGHIJ`. */
export const shownRecoveryCode = ({ name, secret }: RecoveryCode): string =>
  [name, secret.slice(0, SECRET_LETTERS / 2), secret.slice(SECRET_LETTERS / 2)].join('-');

/** Reads a code as people type it, in any case, with or without hyphens; null for what is none. */
export function parseRecoveryCode(text: string): RecoveryCode | null {
  const letters = text
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll(/[018]/g, (digit) => AS_LETTERS[digit] ?? digit);
  if (!/^[A-Z2-7]{12}$/.test(letters)) return null;
  return { name: letters.slice(0, NAME_LETTERS), secret: letters.slice(NAME_LETTERS) };
}
