/** Why money cannot make a ticket valid; it must go back then. */
export type WhyPaymentRefused =
  | 'paid_by_another_payment'
  | 'amount_differs'
  | 'day_over'
  | 'park_at_capacity'
  | 'ticket_cancelled'
  /** The places of the dearer day were held no longer. */
  | 'move_over'
  /** The hold ended, so the points and the promo code that made the price were free again. */
  | 'discount_returned'
  /** Nobody is left to give a code to. */
  | 'guest_erased';

/** A fact, not a refusal: what was once refused stays refused, however often the payment is told and whatever frees up. */
export type TicketPaymentRefused = {
  readonly type: 'TicketPaymentRefused';
  readonly data: {
    readonly ticketId: string;
    readonly paymentId: string;
    readonly why: WhyPaymentRefused;
    readonly refusedAtMs: number;
  };
};

export const paymentRefused = (
  { ticketId }: { readonly ticketId: string },
  { paymentId, nowMs }: { readonly paymentId: string; readonly nowMs: number },
  why: WhyPaymentRefused,
): TicketPaymentRefused => ({
  type: 'TicketPaymentRefused',
  data: { ticketId, paymentId, why, refusedAtMs: nowMs },
});
