import type { Ids } from '../../../kernel/ids.ts';

/** Receipts are named after their cause, so that one that is asked for again is the same one, here and at the register. */
export const receiptIds = ({ derive }: Pick<Ids, 'derive'>) => ({
  sale: (paymentId: string): string => derive(`fiscal-receipt-of-payment:${paymentId}`),
  refund: (refundId: string): string => derive(`fiscal-receipt-of-refund:${refundId}`),
});
