import { createHmac, timingSafeEqual } from 'node:crypto';

/** Texts that others carry for us and cannot change. */
export type TextSeal = {
  /** @param purpose a text that was sealed for another one is none */
  seal(purpose: string, text: string): string;
  /** The text; null when it was not sealed by this key for this purpose. */
  open(purpose: string, sealed: string): string | null;
};

/**
 * Seals with HMAC-SHA256: the text, a dot, and its authentication code as base64url. The code covers purpose and text as a JSON
 * array, so that no end of the one can pass for the beginning of the other.
 */
export function createTextSeal(key: Uint8Array): TextSeal {
  const seal = (purpose: string, text: string): string =>
    `${text}.${createHmac('sha256', key)
      .update(JSON.stringify([purpose, text]))
      .digest('base64url')}`;
  return {
    seal,
    open(purpose, sealed) {
      const text = sealed.slice(0, Math.max(0, sealed.lastIndexOf('.')));
      const [expected, given] = [Buffer.from(seal(purpose, text)), Buffer.from(sealed)];
      return expected.length === given.length && timingSafeEqual(expected, given) ? text : null;
    },
  };
}
