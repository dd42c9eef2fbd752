import { SignJWT, type JWK, type KeyObject } from 'jose';
import type { RoleAtPark } from '../contract.ts';
import type { SignAccessToken } from '../application/access-tokens.ts';

/** The type of our access tokens (RFC 9068), so that no other kind of signed text passes for one. */
export const TOKEN_TYPE = 'at+jwt';

/** Which algorithm goes with a key says its kind, never a token. */
export type TokenAlgorithm = 'EdDSA' | 'RS256';

type VerifyingKey = {
  readonly kid: string;
  readonly algorithm: TokenAlgorithm;
  readonly publicKey: KeyObject;
  readonly publicJwk: JWK;
};

/** Port: the keys of access tokens, which may change at any moment. */
export type TokenKeys = {
  /** Signs from now on. */
  signing(): VerifyingKey & { readonly privateKey: KeyObject };
  /** Whether tokens of that key are good, as far as is known without looking anew. */
  isGood(kid: string): boolean;
  /** The key of that id, when its tokens are good. */
  find(kid: string): Promise<VerifyingKey | null>;
  /** Whether tokens of that key were good once: whoever shows one has forged nothing. */
  wasGood(kid: string): boolean;
  /** The one that signs first. */
  all(): readonly VerifyingKey[];
};

/** Who makes tokens and for whom they are. */
export type TokenScope = { readonly issuer: string; readonly audience: string };

export type TokenSigner = TokenScope & { readonly tokenKeys: Pick<TokenKeys, 'signing'> };

/** How sure a token is of its owner (`acr`), in the words of NIST SP 800-63B: one factor, or two. */
export const ASSURANCE = { one: 'aal1', two: 'aal2' } as const;

/** `admin`, or `gate@ala-archa` for one park. */
const roleText = ({ role, parkId }: RoleAtPark): string => (parkId === null ? role : `${role}@${parkId}`);

const ROLE = /^(guest|gate|manager|finance|admin)(?:@([a-z0-9]+(?:-[a-z0-9]+)*))?$/;

const isRole = (text: string | undefined): text is RoleAtPark['role'] =>
  text === 'guest' || text === 'gate' || text === 'manager' || text === 'finance' || text === 'admin';

/** Reads a role as `roleText` writes it; null for anything else. */
export function parseRole(text: unknown): RoleAtPark | null {
  const match = typeof text === 'string' ? ROLE.exec(text) : null;
  const role = match?.[1];
  return isRole(role) ? { role, parkId: match?.[2] ?? null } : null;
}

/** Access tokens as JWT, each signed by the key that signs then. */
export function createSignAccessToken({ issuer, audience, tokenKeys }: TokenSigner): SignAccessToken {
  return ({ userId, sessionId, roles, issuedAtMs, expiresAtMs, authenticatedAtMs, isTwoFactor }) => {
    const { kid, algorithm, privateKey } = tokenKeys.signing();
    return new SignJWT({
      sid: sessionId,
      roles: roles.map(roleText),
      // Left out where the password was never shown: it is no instant at which they did.
      ...(authenticatedAtMs === 0 ? {} : { auth_time: authenticatedAtMs / 1000 }),
      acr: isTwoFactor ? ASSURANCE.two : ASSURANCE.one,
    })
      .setProtectedHeader({ alg: algorithm, typ: TOKEN_TYPE, kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(userId)
      .setIssuedAt(issuedAtMs / 1000)
      .setExpirationTime(expiresAtMs / 1000)
      .sign(privateKey);
  };
}
