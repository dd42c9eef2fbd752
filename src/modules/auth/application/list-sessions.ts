import type { Clock } from '../../../kernel/time.ts';
import { IDLE_MS } from '../domain/session.ts';
import type { LiveSession, Sessions } from './sessions.ts';

/** The devices on which an account is signed in, newest first; `before` is the last id of the page before. */
export type ListSessions = (userId: string, before: string | null, limit: number) => Promise<readonly LiveSession[]>;

export const createListSessions =
  ({ sessions, clock }: { readonly sessions: Sessions; readonly clock: Clock }): ListSessions =>
  (userId, before, limit) => {
    const nowMs = clock.now();
    return sessions.live({ userId, nowMs, refreshedAfterMs: nowMs - IDLE_MS, before, limit });
  };
