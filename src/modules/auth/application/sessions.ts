import type { Authentication, Session } from '../domain/session.ts';

/** A session and how its owner proved to be that when it was opened. */
export type NewSession = {
  readonly sessionId: string;
  readonly userId: string;
  readonly openedAtMs: number;
  readonly expiresAtMs: number;
  /** SHA-256 of the first refresh token. */
  readonly tokenHash: Uint8Array;
  /** What the program that signed in calls itself. */
  readonly userAgent: string | null;
  readonly authenticatedAtMs: number;
  readonly isTwoFactor: boolean;
};

/** A session that goes on, as its owner sees it. */
export type LiveSession = {
  readonly sessionId: string;
  readonly openedAtMs: number;
  readonly refreshedAtMs: number;
  readonly expiresAtMs: number;
  readonly userAgent: string | null;
};

/** A session as it is kept, also after its end. */
export type KeptSession = LiveSession & { readonly endedAtMs: number | null; readonly endedBecause: string | null };

/** Sessions of one account that have neither expired by `nowMs` nor been silent for too long. */
export type LiveSessionsQuery = {
  readonly userId: string;
  readonly nowMs: number;
  readonly refreshedAfterMs: number;
  /** Ids below this one only: the list goes on after it. */
  readonly before: string | null;
  readonly limit: number;
};

/** A session with the token that was shown. */
export type ShownSession = {
  readonly session: Session;
  /** Number of the token that was shown. */
  readonly generation: number;
  /** The newest token, readable only with the one before it; null before the first refresh. */
  readonly maskedToken: Uint8Array | null;
};

export type SessionChange =
  | { readonly kind: 'keep' }
  | {
      readonly kind: 'rotate';
      readonly atMs: number;
      readonly tokenHash: Uint8Array;
      readonly maskedToken: Uint8Array;
    }
  | { readonly kind: 'revoke'; readonly atMs: number; readonly reason: RevocationReason };

export type RevocationReason =
  | 'logout'
  | 'logout_all'
  | 'ended_by_owner'
  | 'reuse'
  | 'password_changed'
  | 'password_reset'
  | 'factor_changed'
  | 'account_closed';

/** Sessions that expired, were last refreshed, or were revoked before an instant. */
export type EndedSessions = {
  readonly expiredBeforeMs: number;
  readonly refreshedBeforeMs: number;
  readonly revokedBeforeMs: number;
};

/** A session that goes on, for a new access token. */
export type ProvenSession = Pick<Session, 'sessionId' | 'userId' | 'expiresAtMs' | 'authenticatedAtMs' | 'isTwoFactor'>;

/** Port: sessions and their refresh tokens, of which only hashes are kept. */
export type Sessions = {
  open(session: NewSession): Promise<void>;
  /**
   * Finds the session a token belongs to, lets `decide` choose and writes the change, all under one lock of the session: two
   * that show its tokens at once are decided one after the other, and nothing is issued once it is revoked.
   * @returns what `decide` answered, or null when no session ever had the token.
   */
  change<Choice extends { readonly change: SessionChange }>(
    tokenHash: Uint8Array,
    decide: (shown: ShownSession) => Choice,
  ): Promise<Choice | null>;
  /** Notes that the owner of a session proved again who they are; null when it has ended. */
  prove(
    session: { readonly sessionId: string; readonly userId: string },
    proof: Authentication,
  ): Promise<ProvenSession | null>;
  /**
   * Notes that the owner of a session has a second factor from now on and showed it, which is no new proof: when they last proved
   * who they are stays as it was. Null when it has ended.
   */
  noteFactor(
    session: { readonly sessionId: string; readonly userId: string },
    nowMs: number,
  ): Promise<ProvenSession | null>;
  /**
   * Notes that access tokens are issued at an instant. What ends or changes from then on is noted as no earlier, also by a clock
   * that was set back meanwhile: tokens from before live again when it is set right.
   */
  noteIssued(atMs: number): Promise<void>;
  revoke(sessionId: string, reason: RevocationReason, atMs: number): Promise<void>;
  /** Ends a session of this very account; false when it has no such session that goes on. */
  revokeOwn(
    session: { readonly sessionId: string; readonly userId: string },
    reason: RevocationReason,
    atMs: number,
  ): Promise<boolean>;
  revokeAll(userId: string, reason: RevocationReason, atMs: number, exceptSessionId?: string): Promise<void>;
  /**
   * Ends every session of an account that is gone. Of each only its id is kept, as long as access tokens of it may live, and
   * so that requests are told of its end.
   */
  close(userId: string, atMs: number): Promise<void>;
  /** Newest first. */
  live(query: LiveSessionsQuery): Promise<readonly LiveSession[]>;
  /** All that are kept, those that ended too, newest first. @param before only sessions with a smaller id */
  keptOf(userId: string, before: string | null, limit: number): Promise<readonly KeptSession[]>;
  /** Whether the account has another session, that goes on or ended, of a program that called itself the same. */
  hasOthersOf(session: {
    readonly sessionId: string;
    readonly userId: string;
    readonly userAgent: string | null;
  }): Promise<boolean>;
  /** Ids of the sessions revoked after an instant. */
  revokedSince(sinceMs: number): Promise<readonly string[]>;
  /** Forgets sessions for which one of these holds; answers how many. */
  forget(ended: EndedSessions): Promise<number>;
};
