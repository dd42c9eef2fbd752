import type { Ids } from '../../../kernel/ids.ts';
import { sessionEnd, type Authentication } from '../domain/session.ts';
import { ACCESS_TOKEN_MS, type SignAccessToken } from './access-tokens.ts';
import { hashOf, newRefreshToken, type Sha256 } from './refresh-token.ts';
import type { Roles } from './roles.ts';
import type { Sessions } from './sessions.ts';

export type AccessToken = {
  readonly accessToken: string;
  /** Seconds until the access token ends. */
  readonly expiresInSeconds: number;
};

export type Tokens = AccessToken & { readonly refreshToken: string };

/** The first tokens of a session. */
export type SessionTokens = Tokens & { readonly sessionId: string };

export type SessionOwner = Authentication & {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAtMs: number;
};

/** How somebody came to a session. */
export type Arrival = {
  /** What the program that signs in calls itself. */
  readonly userAgent: string | null;
  /** Whether they showed the password, or a code by SMS in its place. */
  readonly isByPassword: boolean;
  readonly isTwoFactor: boolean;
};

export type IssueTokens = {
  /** Opens a session and answers its first tokens. */
  open(userId: string, nowMs: number, arrival: Arrival): Promise<SessionTokens>;
  /** A new access token for a session, beside the refresh token that is now the newest. */
  renew(owner: SessionOwner, refreshToken: string, nowMs: number): Promise<Tokens>;
  /** A new access token alone. */
  access(owner: SessionOwner, nowMs: number): Promise<AccessToken>;
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

/** So exactly it is noted when tokens were issued, ms; the look back of the session watch leaves room for it. */
export const MARK_MS = 30_000;

export function createIssueTokens({ ids, sha256, sessions, roles, sign }: Dependencies): IssueTokens {
  let markedMs = -Infinity;
  /** Before a token is handed out; not each time, as all write one row. */
  async function mark(nowMs: number): Promise<void> {
    if (nowMs < markedMs + MARK_MS) return;
    await sessions.noteIssued(nowMs);
    markedMs = nowMs;
  }
  async function access(owner: SessionOwner, nowMs: number): Promise<AccessToken> {
    const { sessionId, userId, authenticatedAtMs, isTwoFactor } = owner;
    const issuedAtMs = secondBefore(nowMs);
    await mark(nowMs);
    // No access token outlives its session.
    const expiresAtMs = Math.min(secondAfter(nowMs + ACCESS_TOKEN_MS), secondBefore(owner.expiresAtMs));
    const held = await roles.of(userId);
    const proof = { authenticatedAtMs: secondBefore(authenticatedAtMs), isTwoFactor };
    const accessToken = await sign({ userId, sessionId, roles: held, issuedAtMs, expiresAtMs, ...proof });
    return { accessToken, expiresInSeconds: Math.floor((expiresAtMs - nowMs) / 1000) };
  }
  const renew = async (owner: SessionOwner, refreshToken: string, nowMs: number): Promise<Tokens> => ({
    ...(await access(owner, nowMs)),
    refreshToken,
  });
  return {
    async open(userId, nowMs, { userAgent, isByPassword, isTwoFactor }) {
      const refreshToken = newRefreshToken(ids);
      const proof = { authenticatedAtMs: isByPassword ? nowMs : 0, isTwoFactor };
      const owner = { sessionId: ids.next(), userId, expiresAtMs: sessionEnd(nowMs), ...proof };
      await sessions.open({ ...owner, openedAtMs: nowMs, tokenHash: hashOf(sha256, refreshToken), userAgent });
      return { ...(await renew(owner, refreshToken, nowMs)), sessionId: owner.sessionId };
    },
    renew,
    access,
  };
}
