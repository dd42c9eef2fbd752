import { formatSom } from '../../kernel/money.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { TicketCancelled, TicketHoldExpired, TicketLeftDay, TicketMoved } from '../../modules/booking/contract.ts';
import type { TicketHeld } from '../../modules/booking/domain/ticket-messages.ts';
import type { PointsReturned } from '../../modules/loyalty/domain/points-messages.ts';
import type { PaymentMismatched, PaymentSucceeded, RefundRequested } from '../../modules/payment/contract.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

const PROGRESS = statement(
  'check.ending-progress',
  `select name, position from store.subscription where name in ('flow.refund', 'flow.points-of-tickets')`,
);

type Cancellation = { readonly ticketId: string; readonly paymentId: string; readonly position: number };
/** Points that a ticket was bought with and that are due back since it ended, or since its new day allows fewer of them. */
type SpentPoints = { readonly points: number; readonly position: number };

/** Everything the log says about tickets that ended without a visit, and what came back. */
class Endings {
  readonly cancellations: Cancellation[] = [];
  readonly paidTyiyn = new Map<string, bigint>();
  /** What of the price of a payment goes back. */
  readonly backTyiyn = new Map<string, bigint>();
  readonly #misfits = new Set<string>();
  /** Points that a ticket was bought with. */
  readonly #bought = new Map<string, number>();
  readonly #ended = new Set<string>();
  readonly spent = new Map<string, SpentPoints>();
  /** By ticket. */
  readonly returned = new Map<string, number>();

  see(event: Parameters<Audit['see']>[0]): void {
    const { position, causationId } = event.meta;
    if (isOf<TicketCancelled>(event, 'TicketCancelled')) {
      const { ticketId, paymentId, paidTyiyn, difference } = event.data;
      if (paymentId !== null && paidTyiyn > 0n) this.cancellations.push({ ticketId, paymentId, position });
      if (difference !== null) this.cancellations.push({ ticketId, paymentId: difference.paymentId, position });
      this.#end(ticketId, { points: event.data.pointsSpent, position });
    } else if (isOf<TicketHoldExpired>(event, 'TicketHoldExpired')) {
      this.#end(event.data.ticketId, { points: event.data.pointsSpent, position });
    } else if (isOf<TicketHeld>(event, 'TicketHeld')) {
      this.#bought.set(event.data.ticketId, event.data.pointsSpent);
    } else if (isOf<TicketMoved>(event, 'TicketMoved') || isOf<TicketLeftDay>(event, 'TicketLeftDay')) {
      const { ticketId, pointsSpent } = event.data;
      const bought = this.#bought.get(ticketId) ?? 0;
      this.#owe(ticketId, { points: bought - (pointsSpent ?? bought), position });
    } else if (isOf<PaymentSucceeded>(event, 'PaymentSucceeded')) {
      this.paidTyiyn.set(event.data.paymentId, event.data.amountTyiyn);
    } else if (isOf<PaymentMismatched>(event, 'PaymentMismatched')) this.#misfits.add(event.meta.id);
    else if (isOf<RefundRequested>(event, 'RefundRequested') && !this.#misfits.has(causationId ?? '')) {
      const { paymentId, amountTyiyn } = event.data;
      this.backTyiyn.set(paymentId, (this.backTyiyn.get(paymentId) ?? 0n) + amountTyiyn);
    } else if (isOf<PointsReturned>(event, 'PointsReturned')) {
      const { ticketId, points } = event.data;
      this.returned.set(ticketId, (this.returned.get(ticketId) ?? 0) + points);
    }
  }

  /** A ticket may end twice: its hold, and then itself. */
  #end(ticketId: string, spent: SpentPoints): void {
    if (spent.points > 0 && !this.#ended.has(ticketId)) this.#owe(ticketId, spent);
    this.#ended.add(ticketId);
  }

  #owe(ticketId: string, { points, position }: SpentPoints): void {
    if (points > 0) this.spent.set(ticketId, { points: points + (this.spent.get(ticketId)?.points ?? 0), position });
  }
}

/** @param handledTo up to which position the flow that gives back has come */
function refundFaults({ cancellations, paidTyiyn, backTyiyn }: Endings, handledTo: number) {
  const open = cancellations.filter(
    ({ paymentId }) => (backTyiyn.get(paymentId) ?? 0n) !== (paidTyiyn.get(paymentId) ?? 0n),
  );
  const faults = open
    .filter(({ position }) => position <= handledTo)
    .map(({ ticketId, paymentId }) => {
      const [back, paid] = [backTyiyn.get(paymentId) ?? 0n, paidTyiyn.get(paymentId) ?? 0n];
      return `ticket ${ticketId} was cancelled: of ${formatSom(paid)} go back ${formatSom(back)}`;
    });
  return { faults, inProgress: open.length - faults.length };
}

function pointsFaults({ spent, returned }: Endings, handledTo: number) {
  const open = [...spent].filter(([ticketId, { points }]) => returned.get(ticketId) !== points);
  // What came back never goes again, so too much of it is no progress.
  const isWrong = ([ticketId, { points, position }]: readonly [string, SpentPoints]): boolean =>
    position <= handledTo || (returned.get(ticketId) ?? 0) > points;
  const faults = open
    .filter(isWrong)
    .map(
      ([ticketId, { points }]) => `of ${points} points of ticket ${ticketId} ${returned.get(ticketId) ?? 0} came back`,
    );
  const strangers = [...returned.keys()]
    .filter((ticketId) => !spent.has(ticketId))
    .map((ticketId) => `points of ticket ${ticketId} came back, and it never ended`);
  return { faults: [...faults, ...strangers], inProgress: open.length - faults.length };
}

/**
 * What ends gives back: all that was paid for a cancelled ticket goes back, no more and no less, and the points that a ticket was
 * bought with come back once when it ends unpaid or cancelled, those beyond what a new day allows when it moves. What the flows have not come to yet is in progress.
 */
export function createEndingAudit(): Audit {
  const endings = new Endings();
  return {
    see: (event) => endings.see(event),
    async findings(session) {
      const rows = await session.rows<{ name: string; position: number }>(PROGRESS);
      const handledTo = (flow: string): number => rows.find(({ name }) => name === flow)?.position ?? 0;
      const money = refundFaults(endings, handledTo('flow.refund'));
      const points = pointsFaults(endings, handledTo('flow.points-of-tickets'));
      const paid = `${count(endings.cancellations.length, 'paid ticket')} cancelled: all but ${money.inProgress} go back`;
      const spent = `${count(endings.spent.size, 'ticket')} bought with points ended: all but ${points.inProgress} gave them back`;
      return [
        { ...findingOf('endings', paid, money.faults), inProgress: money.inProgress > 0 },
        { ...findingOf('endings', spent, points.faults), inProgress: points.inProgress > 0 },
      ];
    },
  };
}
