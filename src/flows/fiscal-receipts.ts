import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Ids } from '../kernel/ids.ts';
import type { PaidReturn, PaidSale } from '../modules/fiscal/contract.ts';
import type { PaymentSucceeded, RefundSucceeded } from '../modules/payment/contract.ts';
import { refundIds } from './refund-ids.ts';

export type FiscalReceiptsPorts = {
  readonly ids: Ids;
  readonly wantSale: (sale: PaidSale) => Promise<void>;
  readonly wantReturn: (refund: PaidReturn) => Promise<void>;
  /** Ids of the events that told of money besides the price of a payment. */
  readonly misfitsOf: (paymentId: string) => Promise<readonly string[]>;
};

const isSale = (event: Recorded): event is Recorded<PaymentSucceeded> => event.type === 'PaymentSucceeded';
const isReturn = (event: Recorded): event is Recorded<RefundSucceeded> => event.type === 'RefundSucceeded';

/**
 * Money that came for a ticket wants a receipt of a sale, also when it bought nothing, and its refund one of a return. Money that
 * did not fit the payment was never sold for: it wants neither.
 */
export function createFiscalReceiptsFlow({ ids, wantSale, wantReturn, misfitsOf }: FiscalReceiptsPorts): Flow {
  const refundOf = refundIds(ids);
  return {
    name: 'flow.fiscal-receipts',
    eventTypes: ['PaymentSucceeded', 'RefundSucceeded'],
    async handle(event) {
      const { position } = event.meta;
      if (isSale(event)) {
        const { paymentId, ticketId, amountTyiyn } = event.data;
        await wantSale({ paymentId, ticketId, amountTyiyn, position });
      } else if (isReturn(event)) {
        const { paymentId, ticketId, refundId, amountTyiyn } = event.data;
        const isMisfit = (await misfitsOf(paymentId)).some((eventId) => refundOf.misfit(eventId) === refundId);
        await wantReturn({ paymentId, ticketId, refundId, amountTyiyn, isMisfit, position });
      }
    },
  };
}
