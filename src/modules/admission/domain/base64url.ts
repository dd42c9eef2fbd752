const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

/** Base64url without padding (RFC 4648, section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0x3fff;
    for (count += 8; count >= 6; count -= 6) text += ALPHABET.charAt((bits >> (count - 6)) & 63);
  }
  return count === 0 ? text : text + ALPHABET.charAt((bits << (6 - count)) & 63);
}

/** The bytes of a text, or null when it is not exactly what `toBase64url` makes of them. */
export function fromBase64url(text: string): Uint8Array | null {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let end = 0;
  for (const character of text) {
    const value = VALUES.get(character);
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0x3fff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[end] = (bits >> count) & 255;
    end += 1;
  }
  // Bits that belong to no byte must be zero, else one code could be written in several ways.
  return (bits & ((1 << count) - 1)) === 0 ? bytes : null;
}
