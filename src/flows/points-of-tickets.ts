import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Ids } from '../kernel/ids.ts';
import type { TicketCancelled, TicketHoldExpired, TicketLeftDay, TicketMoved } from '../modules/booking/contract.ts';
import type { TicketRefund } from '../modules/loyalty/contract.ts';
import type { RefundSucceeded } from '../modules/payment/contract.ts';
import { refundIds } from './refund-ids.ts';

export type PointsOfTicketsPorts = {
  readonly ids: Ids;
  /** Whose a ticket is; null for one that was sold at the desk. */
  readonly ownerOf: (ticketId: string) => Promise<string | null>;
  /** Ids of the events that told of money besides the price of a payment. */
  readonly misfitsOf: (paymentId: string) => Promise<readonly string[]>;
  /** @param left how many stay spent on the ticket */
  readonly returnPoints: (ticketId: string, left: number, meta: CommandMeta) => Promise<void>;
  readonly reversePoints: (refund: TicketRefund, meta: CommandMeta) => Promise<void>;
};

const isEnd = (event: Recorded): event is Recorded<TicketHoldExpired | TicketCancelled> =>
  event.type === 'TicketHoldExpired' || event.type === 'TicketCancelled';
const isMove = (event: Recorded): event is Recorded<TicketMoved | TicketLeftDay> =>
  event.type === 'TicketMoved' || event.type === 'TicketLeftDay';
const isRefund = (event: Recorded): event is Recorded<RefundSucceeded> => event.type === 'RefundSucceeded';

/**
 * Points that were spent on a ticket come back when it ends unpaid or cancelled, and those beyond what its new day allows when
 * it moves; points that it earned go when its money
 * does. Harmless to repeat: what came back is spent no more, and a refund
 * reverses once.
 */
export function createPointsOfTicketsFlow(ports: PointsOfTicketsPorts): Flow {
  const refundOf = refundIds(ports.ids);

  /** Whether a refund makes the ticket cheaper than it was when it earned its points. */
  async function lowersEarnings({ paymentId, ticketId, refundId }: RefundSucceeded['data']): Promise<boolean> {
    // Money that was no part of the price earned nothing, and what a ticket earns is of the price of the day that it is used on.
    const besides = [refundOf.unusable(paymentId), refundOf.moved(ticketId), refundOf.undone(ticketId)];
    if (besides.includes(refundId)) return false;
    return !(await ports.misfitsOf(paymentId)).some((eventId) => refundOf.misfit(eventId) === refundId);
  }

  return {
    name: 'flow.points-of-tickets',
    eventTypes: ['TicketHoldExpired', 'TicketCancelled', 'TicketMoved', 'TicketLeftDay', 'RefundSucceeded'],
    async handle(event) {
      const { id, correlationId } = event.meta;
      const context: CommandMeta = { actor: 'flow:points-of-tickets', correlationId, causationId: id };
      if (isEnd(event)) {
        if (event.data.pointsSpent > 0) await ports.returnPoints(event.data.ticketId, 0, context);
      } else if (isMove(event)) {
        const { ticketId, pointsSpent } = event.data;
        if (pointsSpent !== null) await ports.returnPoints(ticketId, pointsSpent, context);
      } else if (isRefund(event)) {
        const { ticketId, refundId, amountTyiyn: refundedTyiyn } = event.data;
        const userId = await ports.ownerOf(ticketId);
        if (userId === null || !(await lowersEarnings(event.data))) return;
        await ports.reversePoints({ userId, ticketId, refundId, refundedTyiyn }, context);
      }
    },
  };
}
