import { compactVerify, errors, type CompactJWSHeaderParameters, type KeyObject } from 'jose';
import { LRUCache } from 'lru-cache';
import { isUuid } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Principal, TokenVerifier } from '../../../infrastructure/http/access.ts';
import type { AccessClaims } from '../application/access-tokens.ts';
import type { Sha256 } from '../application/refresh-token.ts';
import type { SessionWatch } from '../application/session-watch.ts';
import {
  ASSURANCE,
  parseRole,
  TOKEN_TYPE,
  type TokenAlgorithm,
  type TokenKeys,
  type TokenScope,
} from './access-tokens.ts';

/** What shows that somebody else made a token: an algorithm, a key or a signature that is not ours. */
export type Forgery = 'algorithm' | 'key' | 'signature';

/** Hears of each token that was forged, whoever sent it. */
export type OnForgedToken = (forgery: Forgery) => void;

class ForeignKey extends errors.JWSInvalid {}

/** Null for what is no token, or one of ours that is of no use here. */
function forgeryOf(error: unknown): Forgery | null {
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof ForeignKey) return 'key';
  return error instanceof errors.JWSSignatureVerificationFailed ? 'signature' : null;
}

type Dependencies = TokenScope & {
  readonly tokenKeys: Pick<TokenKeys, 'find' | 'isGood' | 'wasGood'>;
  readonly watch: SessionWatch;
  readonly onForgedToken: OnForgedToken;
  readonly sha256: Sha256;
  readonly clock: Clock;
  /** Whether duties count only for whoever signed in with a second factor. */
  readonly staffNeedsFactor: boolean;
  /** How many tokens whose signature was checked are remembered. Default 10 000. */
  readonly cachedTokens?: number;
};

/** How far the clock of the process that issued a token may run ahead of ours. */
const AHEAD_MS = 60_000;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Whole seconds since 1970 as milliseconds, null when it is no such number. */
const instantOf = (seconds: unknown): number | null =>
  typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds >= 0 ? seconds * 1000 : null;

/** The claims of a payload that was made by us for this node; null when anything about it is not as we write it. */
function readClaims(payload: Uint8Array, { issuer, audience }: TokenScope): AccessClaims | null {
  const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
  if (!isRecord(claims) || claims['iss'] !== issuer || claims['aud'] !== audience) return null;
  const { sub, sid, iat, exp, roles } = claims;
  const [issuedAtMs, expiresAtMs] = [instantOf(iat), instantOf(exp)];
  if (typeof sub !== 'string' || !isUuid(sub) || typeof sid !== 'string' || !isUuid(sid)) return null;
  if (issuedAtMs === null || expiresAtMs === null || !Array.isArray(roles)) return null;
  const parsed = roles.map(parseRole).filter((role) => role !== null);
  if (parsed.length !== roles.length) return null;
  // A token of a program before this one does not say, nor one of whoever showed no password: then it is a long time ago.
  const [authenticatedAtMs, isTwoFactor] = [instantOf(claims['auth_time']) ?? 0, claims['acr'] === ASSURANCE.two];
  return { userId: sub, sessionId: sid, roles: parsed, issuedAtMs, expiresAtMs, authenticatedAtMs, isTwoFactor };
}

const ALGORITHMS: TokenAlgorithm[] = ['EdDSA', 'RS256'];

/** A token whose signature was checked, and by which key: it is good as long as that is. */
type Checked = { readonly kid: string; readonly claims: AccessClaims };

/**
 * Checks access tokens after RFC 8725: keys of ours alone, each with the one algorithm of its kind, which a token does not choose; type, issuer
 * and audience as we write them. A token whose signature was checked is known again by its hash until it ends; whether its
 * session still stands is asked every time.
 */
export function createTokenVerifier(dependencies: Dependencies): TokenVerifier {
  const { tokenKeys, watch, onForgedToken, sha256, clock, staffNeedsFactor } = dependencies;
  const { cachedTokens = 10_000 } = dependencies;
  const checked = new LRUCache<string, Checked>({ max: cachedTokens });

  /** Throws what jose throws for a bad token, so that both are caught in one place. */
  const keyFor = async (header: CompactJWSHeaderParameters): Promise<KeyObject> => {
    const key = await tokenKeys.find(header.kid ?? '');
    if (key === null && tokenKeys.wasGood(header.kid ?? '')) throw new errors.JWSInvalid('a key that was retired');
    if (key === null) throw new ForeignKey('not a key of ours');
    if (header.alg !== key.algorithm) throw new errors.JOSEAlgNotAllowed('not the algorithm of that key');
    if (header.typ !== TOKEN_TYPE) throw new errors.JWSInvalid('not a token of ours');
    return key.publicKey;
  };

  async function check(token: string): Promise<Checked | null> {
    try {
      const { payload, protectedHeader } = await compactVerify(token, keyFor, { algorithms: ALGORITHMS });
      const claims = readClaims(payload, dependencies);
      return claims === null ? null : { kid: protectedHeader.kid ?? '', claims };
    } catch (error) {
      const forgery = forgeryOf(error);
      if (forgery !== null) onForgedToken(forgery);
      if (error instanceof errors.JOSEError || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  async function claimsOf(token: string): Promise<AccessClaims | null> {
    const name = Buffer.from(sha256(token)).toString('base64');
    const known = checked.get(name);
    if (known !== undefined && tokenKeys.isGood(known.kid)) return known.claims;
    const found = await check(token);
    if (found !== null) checked.set(name, found);
    return found?.claims ?? null;
  }

  return {
    async verify(token): Promise<Principal | null> {
      const claims = await claimsOf(token);
      const nowMs = clock.now();
      if (claims === null || claims.expiresAtMs <= nowMs || claims.issuedAtMs > nowMs + AHEAD_MS) return null;
      const roles = await watch.rolesNow(claims);
      if (roles === null) return null;
      const { userId, sessionId, authenticatedAtMs: atMs, isTwoFactor } = claims;
      const isWithheld = staffNeedsFactor && !isTwoFactor && roles.length > 0;
      return {
        kind: 'user',
        userId,
        sessionId,
        roles: [{ role: 'guest', parkId: null }, ...(isWithheld ? [] : roles)],
        ...(isWithheld ? { withheld: 'until_second_factor' } : {}),
        actor: `user:${userId}`,
        authentication: { atMs, isTwoFactor },
      };
    },
  };
}
