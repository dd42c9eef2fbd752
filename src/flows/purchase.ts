import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Tyiyn } from '../kernel/money.ts';
import type { Result } from '../kernel/result.ts';
import type { PaymentSucceeded } from '../modules/payment/contract.ts';

export type PurchasePorts = {
  /** Booking: money arrived for a ticket. */
  readonly settleTicket: (
    payment: { readonly ticketId: string; readonly paymentId: string; readonly paidTyiyn: Tyiyn },
    meta: CommandMeta,
  ) => Promise<Result<null, { readonly code: string }>>;
  /** Payment: money that made no ticket valid goes back. */
  readonly requestRefund: (
    refund: {
      readonly paymentId: string;
      readonly refundId: string;
      readonly amountTyiyn: Tyiyn;
      readonly reason: string;
    },
    meta: CommandMeta,
  ) => Promise<void>;
  readonly ids: Ids;
};

/**
 * Money becomes a valid ticket or goes back, once. Both commands can be told any number of times: the ticket knows its
 * payment, and the refund's id is made of the payment's.
 */
export function createPurchaseFlow({ settleTicket, requestRefund, ids }: PurchasePorts): Flow {
  return {
    name: 'flow.purchase',
    eventTypes: ['PaymentSucceeded' satisfies PaymentSucceeded['type']],
    async handle(event) {
      const { data, meta } = event as Recorded<PaymentSucceeded>;
      const { paymentId, ticketId, amountTyiyn } = data;
      const context: CommandMeta = { actor: 'flow:purchase', correlationId: meta.correlationId, causationId: meta.id };
      const settled = await settleTicket({ ticketId, paymentId, paidTyiyn: amountTyiyn }, context);
      if (settled.ok) return;
      const refundId = ids.derive(`refund-of-unusable:${paymentId}`);
      await requestRefund({ paymentId, refundId, amountTyiyn, reason: settled.refusal.code }, context);
    },
  };
}
