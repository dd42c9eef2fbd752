/** What a code may be asked for; it opens nothing else. */
export type CodePurpose = 'login' | 'reset' | 'verify';

/** How long a code counts; ASVS 6.5.5 allows 10 minutes. */
export const CODE_MS = 300_000;
/** With so many wrong tries a code is dead, even for whoever then has the right one. */
const MOST_WRONG_TRIES = 5;
const CODES = 1_000_000;
const DIGITS = 6;

/** How many random bytes `codeOf` wants; so many more than a code needs that every code is as likely as any other. */
export const CODE_BYTES = 6;

/** Six digits from random bytes, big-endian. */
export function codeOf(bytes: Uint8Array): string {
  const number = bytes.reduce((sum, byte) => (sum * 256 + byte) % CODES, 0);
  return String(number).padStart(DIGITS, '0');
}

/** The code that was sent last to a number for a purpose. */
export type SentCode = { readonly expiresAtMs: number; readonly wrongTries: number };

/** `right` uses the code up, `wrong` counts against it, `dead` is what no code can be any more. */
export type CodeJudgement = 'right' | 'wrong' | 'dead';

export function judgeCode(code: SentCode, isMatch: boolean, nowMs: number): CodeJudgement {
  if (nowMs >= code.expiresAtMs || code.wrongTries >= MOST_WRONG_TRIES) return 'dead';
  return isMatch ? 'right' : 'wrong';
}
