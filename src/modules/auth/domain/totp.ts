/** How many random bytes a secret has: as many as the hash (RFC 4226, section 4). */
export const TOTP_SECRET_BYTES = 20;
/** How long one code is shown. */
const STEP_MS = 30_000;
const DIGITS = 6;
const CODES = 10 ** DIGITS;
/** Clocks of telephones differ, and typing takes time: the code before the present one counts, and the one after it. */
const WINDOW_STEPS = 1;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Port: HMAC-SHA-1, the one hash that every authenticator app knows. */
export type HmacSha1 = (key: Uint8Array, message: Uint8Array) => Uint8Array;

/** The number of the 30 seconds, counted from 1970, that an instant lies in. */
const stepAt = (nowMs: number): number => Math.floor(nowMs / STEP_MS);

/** The code of a step after RFC 4226, section 5.3. */
export function totpCode(hmac: HmacSha1, secret: Uint8Array, step: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(step));
  const digest = Buffer.from(hmac(secret, message));
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % CODES).padStart(DIGITS, '0');
}

/** A code that somebody shows, and since when none counts any more. */
export type ShownTotp = {
  readonly secret: Uint8Array;
  readonly code: string;
  readonly nowMs: number;
  /** The newest step whose code was used: neither it nor an older one counts again. */
  readonly usedStep: number;
};

/** The step that a code belongs to (RFC 6238); null when it is wrong, too old, too new, or used. */
export function stepOfCode(hmac: HmacSha1, { secret, code, nowMs, usedStep }: ShownTotp): number | null {
  const present = stepAt(nowMs);
  for (let step = present - WINDOW_STEPS; step <= present + WINDOW_STEPS; step += 1) {
    if (step > usedStep && totpCode(hmac, secret, step) === code) return step;
  }
  return null;
}

/** Bytes as apps take them typed by hand (RFC 4648, section 6); five bits a letter, no padding. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{1,5}/g) ?? [];
  return letters.map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

const ISSUER = 'Sky Park';

/** What an app reads from the QR code. `account` tells one entry of the app from another. */
export function totpUri(secret: Uint8Array, account: string): string {
  const label = `${encodeURIComponent(ISSUER)}:${encodeURIComponent(account)}`;
  const query = `secret=${base32(secret)}&issuer=${encodeURIComponent(ISSUER)}&algorithm=SHA1&digits=${DIGITS}&period=30`;
  return `otpauth://totp/${label}?${query}`;
}
