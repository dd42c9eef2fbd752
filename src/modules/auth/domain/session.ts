import { MS_A_DAY } from '../../../kernel/time.ts';

/** A session ends when it was not refreshed for so long … */
export const IDLE_MS = 30 * MS_A_DAY;
/** … and at the latest so long after signing in. */
const ABSOLUTE_MS = 90 * MS_A_DAY;
/** How long the token before the newest still counts: for an answer that was lost on the way, or two tabs at once. */
const GRACE_MS = 10_000;

/** How and when somebody last proved who they are. */
export type Authentication = {
  /**
   * When they last showed the password, and the second factor where the account had one; 0 in a session that a code by SMS opened,
   * until they do. Whoever holds a telephone reads such codes, often without unlocking it.
   */
  readonly authenticatedAtMs: number;
  /** Whether that took a second factor beside the password. */
  readonly isTwoFactor: boolean;
};

/** A signed-in device: one line of refresh tokens, each replacing the one before. */
export type Session = Authentication & {
  readonly sessionId: string;
  readonly userId: string;
  readonly expiresAtMs: number;
  /** 1, 2, 3 …: number of the newest refresh token. */
  readonly generation: number;
  /** When the newest token was issued. */
  readonly refreshedAtMs: number;
  readonly revoked: boolean;
};

export const sessionEnd = (openedAtMs: number): number => openedAtMs + ABSOLUTE_MS;

/**
 * What showing a refresh token of a session means:
 * - `rotate`: it is the newest; a new one takes its place
 * - `repeat`: its successor was issued a moment ago and never used; it is given once more
 * - `theft`: it was replaced before; whoever shows it, one of two holders is not the owner, so the session ends
 * - `over`: the session has ended
 */
export type Judgement = 'rotate' | 'repeat' | 'theft' | 'over';

/** Judges a token of the session by its generation, after RFC 9700, section 4.14.2. */
export function judgeRefresh(session: Session, generation: number, nowMs: number): Judgement {
  if (session.revoked || nowMs >= session.expiresAtMs || nowMs >= session.refreshedAtMs + IDLE_MS) return 'over';
  if (generation === session.generation) return 'rotate';
  const isParent = generation === session.generation - 1;
  return isParent && nowMs - session.refreshedAtMs <= GRACE_MS ? 'repeat' : 'theft';
}
