import type { Clock } from '../../../kernel/time.ts';
import { IDLE_MS } from '../domain/session.ts';
import { LOOK_BACK_MS } from './session-watch.ts';
import type { Sessions } from './sessions.ts';

/** Deletes the sessions that are over for good, with their tokens; answers how many. */
export type ForgetSessions = () => Promise<number>;

export const createForgetSessions =
  ({ sessions, clock }: { readonly sessions: Sessions; readonly clock: Clock }): ForgetSessions =>
  () => {
    const nowMs = clock.now();
    return sessions.forget({
      expiredBeforeMs: nowMs,
      refreshedBeforeMs: nowMs - IDLE_MS,
      // Until then requests are told of it: its access tokens may still live.
      revokedBeforeMs: nowMs - LOOK_BACK_MS,
    });
  };
