import type { Ids } from '../../../kernel/ids.ts';
import { sessionEnd } from '../domain/session.ts';
import { ACCESS_TOKEN_MS, type SignAccessToken } from './access-tokens.ts';
import { hashOf, newRefreshToken, type Sha256 } from './refresh-token.ts';
import type { Roles } from './roles.ts';
import type { Sessions } from './sessions.ts';

export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token ends. */
  readonly expiresInSeconds: number;
};

/** The first tokens of a session. */
export type SessionTokens = Tokens & { readonly sessionId: string };

export type SessionOwner = { readonly sessionId: string; readonly userId: string; readonly expiresAtMs: number };

export type IssueTokens = {
  /** Opens a session and answers its first tokens. */
  open(userId: string, nowMs: number, userAgent?: string | null): Promise<SessionTokens>;
  /** A new access token for a session, beside the refresh token that is now the newest. */
  renew(owner: SessionOwner, refreshToken: string, nowMs: number): Promise<Tokens>;
};

type Dependencies = {
  readonly ids: Ids;
  readonly sha256: Sha256;
  readonly sessions: Sessions;
  readonly roles: Roles;
  readonly sign: SignAccessToken;
};

const secondBefore = (ms: number): number => Math.floor(ms / 1000) * 1000;
const secondAfter = (ms: number): number => Math.ceil(ms / 1000) * 1000;

export function createIssueTokens({ ids, sha256, sessions, roles, sign }: Dependencies): IssueTokens {
  async function renew(owner: SessionOwner, refreshToken: string, nowMs: number): Promise<Tokens> {
    const { sessionId, userId } = owner;
    const issuedAtMs = secondBefore(nowMs);
    // No access token outlives its session.
    const expiresAtMs = Math.min(secondAfter(nowMs + ACCESS_TOKEN_MS), secondBefore(owner.expiresAtMs));
    const held = await roles.of(userId);
    const accessToken = await sign({ userId, sessionId, roles: held, issuedAtMs, expiresAtMs });
    return { accessToken, refreshToken, expiresInSeconds: Math.floor((expiresAtMs - nowMs) / 1000) };
  }
  return {
    async open(userId, nowMs, userAgent = null) {
      const refreshToken = newRefreshToken(ids);
      const owner = { sessionId: ids.next(), userId, expiresAtMs: sessionEnd(nowMs) };
      await sessions.open({ ...owner, openedAtMs: nowMs, tokenHash: hashOf(sha256, refreshToken), userAgent });
      return { ...(await renew(owner, refreshToken, nowMs)), sessionId: owner.sessionId };
    },
    renew,
  };
}
