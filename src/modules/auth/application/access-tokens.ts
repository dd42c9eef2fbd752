import type { RoleAtPark } from '../contract.ts';
import type { Authentication } from '../domain/session.ts';

/** What an access token says. Times in ms since 1970, whole seconds. */
export type AccessClaims = Authentication & {
  readonly userId: string;
  readonly sessionId: string;
  readonly roles: readonly RoleAtPark[];
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** Port: makes access tokens. */
export type SignAccessToken = (claims: AccessClaims) => Promise<string>;

/** Longest life of an access token; what ends earlier must be remembered for as long. */
export const ACCESS_TOKEN_MS = 600_000;
