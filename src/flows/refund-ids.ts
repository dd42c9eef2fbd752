import type { Ids } from '../kernel/ids.ts';

/** Refunds that flows ask for are named after their cause, so that one told again is the same one. */
export const refundIds = ({ derive }: Pick<Ids, 'derive'>) => ({
  /** Of money that made no ticket valid. */
  unusable: (paymentId: string): string => derive(`refund-of-unusable:${paymentId}`),
  /** Of money that came besides the price. @param eventId of the `PaymentMismatched` that told of it */
  misfit: (eventId: string): string => derive(`refund-of-misfit:${eventId}`),
  /** Of what a cancelled ticket was paid with. */
  cancelled: (ticketId: string): string => derive(`refund-of-cancelled:${ticketId}`),
  /** Of what was paid besides, for a dearer day of a ticket that is cancelled. */
  difference: (ticketId: string): string => derive(`refund-of-difference:${ticketId}`),
  /** Of what a ticket costs less on its new day. */
  moved: (ticketId: string): string => derive(`refund-of-moved:${ticketId}`),
  /** Of what was paid for a dearer day, when the move was undone. */
  undone: (ticketId: string): string => derive(`refund-of-undone:${ticketId}`),
});
