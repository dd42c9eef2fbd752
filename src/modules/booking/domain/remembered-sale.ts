import type { TicketPlace } from '../contract.ts';

/**
 * Headquarters, which was set back, learned from a park that it had sold a ticket, and so had been paid: the ticket is good,
 * and its payment is not known.
 */
export type TicketSaleRemembered = {
  readonly type: 'TicketSaleRemembered';
  readonly data: TicketPlace & {
    readonly subjectId: string;
    /** Where its places were; `free` when its hold had ended, though nothing may be left of the day. */
    readonly placesFrom: 'held' | 'free';
    /** Null once its guest was erased. */
    readonly admissionCode: string | null;
    readonly rememberedAtMs: number;
  };
};
