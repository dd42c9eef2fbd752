import type { Ids } from '../../../kernel/ids.ts';
import { IDLE_MS } from '../domain/session.ts';

const TOKEN_BYTES = 32;

/** A refresh token that was not used for so long is worth nothing any more. */
export const IDLE_SECONDS = IDLE_MS / 1000;

/** Port: SHA-256 of a text in UTF-8. */
export type Sha256 = (text: string) => Uint8Array;

/** A new refresh token: 256 random bits as 43 characters of base64url. */
export const newRefreshToken = (ids: Ids): string => ids.secret(TOKEN_BYTES);

/** What is kept of a token. It needs no salt and no slow hash: nobody guesses 256 random bits. */
export const hashOf = (sha256: Sha256, token: string): Uint8Array => sha256(token);

const xor = (left: Uint8Array, right: Uint8Array): Uint8Array => left.map((byte, index) => byte ^ (right[index] ?? 0));

/** A pad that only the holder of `token` can make; each token has one successor, so each pad is used once. */
const padOf = (sha256: Sha256, token: string): Uint8Array => sha256(`skypark/refresh-successor/1\0${token}`);

/**
 * A token as it may be kept for a repeat of the answer that was lost: readable with its parent only. So a repeat gives the
 * same token again, and a family never has two living branches.
 */
export const maskToken = (sha256: Sha256, token: string, parent: string): Uint8Array =>
  xor(Buffer.from(token, 'base64url'), padOf(sha256, parent));

export const unmaskToken = (sha256: Sha256, masked: Uint8Array, parent: string): string =>
  Buffer.from(xor(masked, padOf(sha256, parent))).toString('base64url');
