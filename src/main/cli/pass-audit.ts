import type { Recorded } from '../../kernel/event-codec.ts';
import type { TicketCancelled } from '../../modules/booking/contract.ts';
import { pass, type PassEvent } from '../../modules/booking/domain/pass.ts';
import type { TicketHeld } from '../../modules/booking/domain/ticket-messages.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

type Pass = {
  readonly visits: number | null;
  isCancelled: boolean;
  /** Days by ticket of the visits that are booked; what came back is not in it. */
  readonly booked: Map<string, string>;
};

const isPassEvent = (event: Recorded): event is Recorded<PassEvent> => event.meta.aggregateType === pass.aggregateType;

/** Everything the log says about passes and their tickets. */
class Book {
  readonly passes = new Map<string, Pass>();
  readonly faults: string[] = [];
  /** Passes of tickets, as the tickets say. */
  readonly passOf = new Map<string, string>();
  readonly cancelledTickets = new Set<string>();
  /** Tickets whose visits came back, and when. */
  readonly returned = new Set<string>();

  see(event: Recorded): void {
    if (isPassEvent(event)) this.#seePass(event);
    else if (isOf<TicketHeld>(event, 'TicketHeld')) {
      if (event.data.passId !== null) this.passOf.set(event.data.ticketId, event.data.passId);
    } else if (isOf<TicketCancelled>(event, 'TicketCancelled')) this.cancelledTickets.add(event.data.ticketId);
  }

  #seePass({ type, data, meta }: Recorded<PassEvent>): void {
    const { passId } = data;
    if (type === 'PassIssued') {
      this.passes.set(passId, { visits: data.visits, isCancelled: false, booked: new Map() });
      return;
    }
    const known = this.passes.get(passId);
    const fault = (why: string): void => void this.faults.push(`pass ${passId} ${why} at position ${meta.position}`);
    if (known === undefined) fault('was never issued');
    else if (type === 'PassCancelled') known.isCancelled = true;
    else if (type === 'PassVisitReturned') {
      if (!known.booked.delete(data.ticketId)) fault('got a visit back that was not booked');
      this.returned.add(data.ticketId);
    } else {
      const isUndone = type === 'PassVisitMoved' && data.undone === true;
      if (known.isCancelled && !isUndone) fault('gave a visit after it was cancelled');
      const others = [...known.booked].filter(([ticketId]) => ticketId !== data.ticketId).map(([, date]) => date);
      if (others.includes(data.visitDate) && !isUndone) fault(`gave two visits on ${data.visitDate}`);
      known.booked.set(data.ticketId, data.visitDate);
      if (known.visits !== null && known.booked.size > known.visits) fault(`gave more than its ${known.visits} visits`);
    }
  }

  /** Visits without their ticket, tickets without their visit, and visits that came back of tickets that stand. */
  mismatches(): readonly string[] {
    const visits = new Map(
      [...this.passes].flatMap(([passId, { booked }]) => [...booked.keys()].map((ticketId) => [ticketId, passId])),
    );
    return [
      ...[...visits]
        .filter(([ticketId, passId]) => this.passOf.get(ticketId) !== passId)
        .map(([ticketId, passId]) => `pass ${passId} has a visit of ticket ${ticketId}, which is not of it`),
      ...[...this.passOf]
        .filter(([ticketId]) => !visits.has(ticketId) && !this.returned.has(ticketId))
        .map(([ticketId, passId]) => `ticket ${ticketId} took no visit of pass ${passId}`),
      ...[...this.returned]
        .filter((ticketId) => !this.cancelledTickets.has(ticketId))
        .map((ticketId) => `ticket ${ticketId} stands, and its visit came back`),
    ];
  }
}

/**
 * Passes: no more visits are booked than a pass has, none on a day twice, none once it is cancelled; every visit is a ticket of
 * the pass, every ticket of a pass a visit; and a visit comes back only of a ticket that was cancelled.
 */
export function createPassAudit(): Audit {
  const book = new Book();
  return {
    see: (event) => book.see(event),
    async findings() {
      const all = [...book.passes.values()];
      const booked = all.reduce((sum, one) => sum + one.booked.size, 0);
      const cancelled = all.filter(({ isCancelled }) => isCancelled).length;
      const text =
        `${count(all.length, 'pass', 'passes')}, ${cancelled} of them cancelled: ${count(booked, 'visit')} booked, ` +
        `${book.returned.size} came back`;
      return [findingOf('passes', text, [...book.faults, ...book.mismatches()])];
    },
  };
}
