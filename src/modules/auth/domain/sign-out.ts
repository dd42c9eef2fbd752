import type { Decider } from '../../../kernel/decider.ts';
import { ok } from '../../../kernel/result.ts';
import type { SessionsEnded } from '../contract.ts';

/** Somebody else ends every session of an account. Nobody asks how often that was: each time is told. */
export const endedSessions: Decider<{ readonly userId: string }, null, SessionsEnded, never> = {
  aggregateType: 'Sessions',
  initial: null,
  decide: ({ userId }) => ok([{ type: 'SessionsEnded', data: { userId } }]),
  evolve: () => null,
};
