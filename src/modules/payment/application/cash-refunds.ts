import type { Tyiyn } from '../../../kernel/money.ts';
import type { RefundView } from './ports.ts';

/** A refund of a cash sale that waits for a till, as a cashier sees it. */
export type CashRefund = Pick<RefundView, 'refundId' | 'paymentId' | 'ticketId' | 'amountTyiyn' | 'requestedAtMs'> & {
  readonly soldForTyiyn: Tyiyn;
  readonly soldAtMs: number;
};

/** What waits to be paid out in cash at a park, newest first. @param before only those that are older than this one */
export type WaitingCashRefunds = (
  parkId: string,
  before: string | null,
  limit: number,
) => Promise<readonly CashRefund[]>;
