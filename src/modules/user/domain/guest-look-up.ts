import type { Decider } from '../../../kernel/decider.ts';
import { ok } from '../../../kernel/result.ts';

/**
 * Somebody of the staff looked for a guest by phone, or at the phone of a colleague. What was typed is not kept, only whom it led
 * to.
 */
export type GuestLookedUp = {
  readonly type: 'GuestLookedUp';
  readonly data: { readonly staffId: string; readonly guestId: string | null };
};

export type LookUpGuest = GuestLookedUp['data'] & { readonly kind: 'look_up' };

/** One look-up, on a stream of its own: for the audit. */
export const guestLookUp: Decider<LookUpGuest, null, GuestLookedUp, never> = {
  aggregateType: 'GuestLookUp',
  initial: null,
  decide: ({ staffId, guestId }) => ok([{ type: 'GuestLookedUp', data: { staffId, guestId } }]),
  evolve: (state) => state,
};
