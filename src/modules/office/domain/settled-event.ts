import type { Decider } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { Personal } from '../../../kernel/vault.ts';

/** Somebody decided about an event that a subscription could not handle: another try, or giving it up. */
export type ParkedEventSettled = {
  readonly type: 'ParkedEventSettled';
  readonly data: {
    readonly parkedId: string;
    readonly subscription: string;
    readonly position: number;
    readonly how: 'retry' | 'skip';
    /** Why, in the words of who decided; sealed, since it may speak of people. */
    readonly reason: Personal<string>;
    readonly settledAtMs: number;
  };
};

/** The decisions about one parked event, for the audit trail. Each is a fact of its own, also when it is taken twice. */
export const parkedEvent: Decider<ParkedEventSettled['data'], null, ParkedEventSettled, never> = {
  aggregateType: 'ParkedEvent',
  initial: null,
  decide: (data): Result<readonly ParkedEventSettled[], never> => ok([{ type: 'ParkedEventSettled', data }]),
  evolve: () => null,
};
