import type { Decider } from '../../../kernel/decider.ts';
import { ok } from '../../../kernel/result.ts';
import type { GateDayEnded } from '../contract.ts';

/** A day ends once at its gates. What gates that were cut off bring later is taken all the same. */
export const gateDayEnd: Decider<GateDayEnded['data'], { readonly ended: boolean }, GateDayEnded, never> = {
  aggregateType: 'GateDayEnd',
  initial: { ended: false },
  decide: (data, { ended }) => ok(ended ? [] : [{ type: 'GateDayEnded', data }]),
  evolve: () => ({ ended: true }),
};
