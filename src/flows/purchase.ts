import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Tyiyn } from '../kernel/money.ts';
import type { Result } from '../kernel/result.ts';
import type { PaymentMismatched, PaymentSucceeded } from '../modules/payment/contract.ts';
import { refundIds } from './refund-ids.ts';

export type PurchasePorts = {
  /** Booking: money arrived for a ticket. */
  readonly settleTicket: (
    payment: { readonly ticketId: string; readonly paymentId: string; readonly paidTyiyn: Tyiyn },
    meta: CommandMeta,
  ) => Promise<Result<null, { readonly code: string }>>;
  /** Payment: money that made no ticket valid, or did not fit, goes back. */
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

const isSuccess = (event: Recorded): event is Recorded<PaymentSucceeded> => event.type === 'PaymentSucceeded';
const isMisfit = (event: Recorded): event is Recorded<PaymentMismatched> => event.type === 'PaymentMismatched';

/**
 * Money becomes a valid ticket or goes back, once. Both commands can be told any number of times: the ticket knows its
 * payment, and the refund's id is made of the payment's, or of the event that tells of money that does not fit.
 */
export function createPurchaseFlow({ settleTicket, requestRefund, ids }: PurchasePorts): Flow {
  const refundOf = refundIds(ids);

  async function settle({ data }: Recorded<PaymentSucceeded>, context: CommandMeta): Promise<void> {
    const { paymentId, ticketId, amountTyiyn } = data;
    const settled = await settleTicket({ ticketId, paymentId, paidTyiyn: amountTyiyn }, context);
    if (settled.ok) return;
    const refundId = refundOf.unusable(paymentId);
    await requestRefund({ paymentId, refundId, amountTyiyn, reason: settled.refusal.code }, context);
  }

  async function giveBack({ data, meta }: Recorded<PaymentMismatched>, context: CommandMeta): Promise<void> {
    const { paymentId, amountTyiyn, currency, why } = data;
    if (why === 'told_differently' || amountTyiyn <= 0n) return;
    const refundId = refundOf.misfit(meta.id);
    // A refund is on record in som; one of foreign money says so to the person who makes it.
    const reason = currency === 'KGS' ? why : 'currency_differs';
    await requestRefund({ paymentId, refundId, amountTyiyn, reason }, context);
  }

  return {
    name: 'flow.purchase',
    eventTypes: ['PaymentSucceeded', 'PaymentMismatched'],
    runsAt: 'everywhere',
    hears: 'own',
    async handle(event) {
      const { id, correlationId } = event.meta;
      const context: CommandMeta = { actor: 'flow:purchase', correlationId, causationId: id };
      if (isSuccess(event)) await settle(event, context);
      else if (isMisfit(event)) await giveBack(event, context);
    },
  };
}
