import type { Clock } from '../../../kernel/time.ts';
import type { Sessions } from './sessions.ts';

/** Deletes the sessions that are over for good, with their tokens; answers how many. */
export type ForgetSessions = () => Promise<number>;

export const createForgetSessions =
  ({ sessions, clock }: { readonly sessions: Sessions; readonly clock: Clock }): ForgetSessions =>
  () =>
    sessions.forgetEnded(clock.now());
