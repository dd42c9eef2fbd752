import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { GateDayEnded } from '../contract.ts';

/** A day ends once at its gates. What gates that were cut off bring later is taken all the same. */
export const gateDayEnd: Decider<GateDayEnded['data'], { readonly ended: boolean }, GateDayEnded, never> = {
  aggregateType: 'GateDayEnd',
  initial: { ended: false },
  decide: (data, { ended }) => ok(ended ? [] : [{ type: 'GateDayEnded', data }]),
  evolve: () => ({ ended: true }),
};

/** A part of every entry: it is stored only while the day goes on, so all entries stand before the end of their day. */
export const gateDayGoesOn: Decider<
  null,
  { readonly ended: boolean },
  GateDayEnded,
  { readonly code: 'gate_day_ended' }
> = {
  ...gateDayEnd,
  decide: (_command, { ended }) => (ended ? refuse({ code: 'gate_day_ended' }) : ok([])),
};
