import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import { receivedTyiyn } from '../domain/payment-state.ts';
import type { Payments, Refunds, RefundStatus, RefundView } from './ports.ts';

/** How far a refund is, for whoever waits for it: that the provider's answer was lost is ours to know. */
type RefundProgress = Exclude<RefundStatus, 'unknown'>;

/** What one payment brought for a ticket, and what of it goes back. */
export type TicketMoney = {
  readonly paymentId: string;
  readonly method: PaymentMethod;
  /** All that came, also what came twice. */
  readonly amountTyiyn: Tyiyn;
  /** The provider's name of the charge, the terminal's slip, or the shift whose till has the cash. */
  readonly reference: string;
  readonly receivedAtMs: number;
  readonly refunds: readonly {
    readonly refundId: string;
    readonly amountTyiyn: Tyiyn;
    readonly status: RefundProgress;
    /** Null until the money is out. */
    readonly reference: string | null;
    readonly requestedAtMs: number;
  }[];
};

/** Payments of a ticket that succeeded, oldest first. */
export type MoneyOfTicket = (ticketId: string) => Promise<readonly TicketMoney[]>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly payments: Pick<Payments, 'ofTicket'>;
  readonly refunds: Pick<Refunds, 'ofPayment'>;
};

const toRefund = ({ refundId, amountTyiyn, status, reference, requestedAtMs }: RefundView) => ({
  refundId,
  amountTyiyn,
  status: status === 'unknown' ? 'submitted' : status,
  reference,
  requestedAtMs,
});

export const createMoneyOfTicket =
  ({ runner, payments, refunds }: Dependencies): MoneyOfTicket =>
  async (ticketId) => {
    const found = (await payments.ofTicket(ticketId)).map(async ({ paymentId, method }) => {
      const { state } = await runner.stateOf(payment, paymentId);
      if (state.captured === null) return [];
      const { providerReference: reference, succeededAtMs: receivedAtMs } = state.captured;
      const back = (await refunds.ofPayment(paymentId)).map(toRefund);
      return [{ paymentId, method, amountTyiyn: receivedTyiyn(state), reference, receivedAtMs, refunds: back }];
    });
    return (await Promise.all(found)).flat();
  };
