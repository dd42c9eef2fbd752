import { createHmac, timingSafeEqual } from 'node:crypto';

/** Characters of a signature: 128 bits of an HMAC-SHA256 in base64url. */
const SIGNATURE_LENGTH = 22;

/** The list that a cursor belongs to: the route with its parameters, and who reads it. */
export type CursorScope = { readonly route: string; readonly params: unknown; readonly reader: string };

/** Signs the cursors that leave and checks those that come back, so that nobody writes, edits or lends one. */
export type CursorSeal = {
  sign(scope: CursorScope, cursor: string): string;
  /** The cursor as it was signed; null when it was not signed for this scope. */
  open(scope: CursorScope, signed: string): string | null;
};

export function createCursorSeal(key: Uint8Array): CursorSeal {
  const signature = ({ route, params, reader }: CursorScope, cursor: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([route, params, reader, cursor]))
      .digest('base64url')
      .slice(0, SIGNATURE_LENGTH);
  return {
    sign: (scope, cursor) => `${signature(scope, cursor)}${cursor}`,
    open(scope, signed) {
      if (signed.length <= SIGNATURE_LENGTH) return null;
      const cursor = signed.slice(SIGNATURE_LENGTH);
      const [is, due] = [Buffer.from(signed.slice(0, SIGNATURE_LENGTH)), Buffer.from(signature(scope, cursor))];
      return is.length === due.length && timingSafeEqual(is, due) ? cursor : null;
    },
  };
}
