import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Tyiyn } from '../kernel/money.ts';
import type { TicketCancelled, TicketLeftDay, TicketMoved, TicketMoveUndone } from '../modules/booking/contract.ts';
import { refundIds } from './refund-ids.ts';

export type RefundPorts = {
  /** Payment: money goes back, or what is left of it when staff gave some back before. */
  readonly requestRefund: (
    refund: {
      readonly paymentId: string;
      readonly refundId: string;
      readonly amountTyiyn: Tyiyn;
      readonly reason: string;
    },
    meta: CommandMeta,
  ) => Promise<void>;
  /** Payment: the newest refund of a payment whose money is all out again; null while some of it is still here. */
  readonly lastRefundOf: (paymentId: string) => Promise<string | null>;
  /** Booking: all money of a payment is out. */
  readonly markRefunded: (
    refund: { readonly ticketId: string; readonly paymentId: string; readonly refundId: string },
    meta: CommandMeta,
  ) => Promise<void>;
  /** Booking: what a ticket was paid by; none when it is unpaid, or cost nothing. */
  readonly paymentsOf: (ticketId: string) => Promise<readonly string[]>;
  readonly ids: Ids;
};

/** Published by payment when money of a refund is out. */
type RefundSucceeded = {
  readonly type: 'RefundSucceeded';
  readonly data: { readonly ticketId: string; readonly paymentId: string };
};

const isOf = <Event extends { readonly type: string; readonly data: object }>(
  event: Recorded,
  type: Event['type'],
): event is Recorded<Event> => event.type === type;

const isMove = (event: Recorded): event is Recorded<TicketMoved | TicketLeftDay> =>
  event.type === 'TicketMoved' || event.type === 'TicketLeftDay';

/**
 * What was paid for a ticket that is cancelled, or moved to a cheaper day, goes back to whence it came, where gates of another node were asked
 * about the old day once that is left; so does what was paid for a move that is undone. The cancelled ticket
 * hears when all of it is out, by whomever. The ids of the refunds are made of the ticket's, so that a refund told again is the
 * same one.
 */
export function createRefundFlow({ requestRefund, lastRefundOf, markRefunded, paymentsOf, ids }: RefundPorts): Flow {
  const refundOf = refundIds(ids);

  async function markIfOut(ticketId: string, paymentId: string, context: CommandMeta): Promise<void> {
    const paymentIds = await paymentsOf(ticketId);
    const lastRefunds = await Promise.all(paymentIds.map(lastRefundOf));
    const refundId = lastRefunds[paymentIds.indexOf(paymentId)];
    if (typeof refundId !== 'string' || lastRefunds.includes(null)) return;
    await markRefunded({ ticketId, paymentId, refundId }, context);
  }

  async function giveBack({ data }: Recorded<TicketCancelled>, context: CommandMeta): Promise<void> {
    const { ticketId, paymentId, paidTyiyn, difference, why } = data;
    const first = { paymentId, paidTyiyn: paidTyiyn - (difference?.paidTyiyn ?? 0n) };
    const parts = [
      { ...first, refundId: refundOf.cancelled(ticketId) },
      ...(difference === null ? [] : [{ ...difference, refundId: refundOf.difference(ticketId) }]),
    ];
    for (const { paymentId: paidBy, paidTyiyn: amountTyiyn, refundId } of parts) {
      if (paidBy === null || amountTyiyn === 0n) continue;
      await requestRefund({ paymentId: paidBy, refundId, amountTyiyn, reason: `cancelled_by_${why}` }, context);
      // Staff may have given everything back before the ticket was cancelled.
      await markIfOut(ticketId, paidBy, context);
    }
  }

  return {
    name: 'flow.refund',
    eventTypes: ['TicketCancelled', 'TicketMoved', 'TicketLeftDay', 'TicketMoveUndone', 'RefundSucceeded'],
    runsAt: 'everywhere',
    hears: 'own',
    async handle(event) {
      const { id, correlationId } = event.meta;
      const context: CommandMeta = { actor: 'flow:refund', correlationId, causationId: id };
      if (isOf<TicketCancelled>(event, 'TicketCancelled')) {
        await giveBack(event, context);
      } else if (isMove(event)) {
        const { ticketId, paymentId, refundTyiyn: amountTyiyn } = event.data;
        if (paymentId === null || amountTyiyn === 0n) return;
        const refundId = refundOf.moved(ticketId);
        await requestRefund({ paymentId, refundId, amountTyiyn, reason: 'moved_to_cheaper_day' }, context);
      } else if (isOf<TicketMoveUndone>(event, 'TicketMoveUndone')) {
        const { ticketId, difference } = event.data;
        if (difference === null) return;
        const { paymentId, paidTyiyn: amountTyiyn } = difference;
        await requestRefund(
          { paymentId, refundId: refundOf.undone(ticketId), amountTyiyn, reason: 'move_undone' },
          context,
        );
      } else if (isOf<RefundSucceeded>(event, 'RefundSucceeded')) {
        await markIfOut(event.data.ticketId, event.data.paymentId, context);
      }
    },
  };
}
