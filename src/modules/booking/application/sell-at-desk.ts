import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { TicketRefusal } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';
import { termsOf } from './buy-ticket.ts';
import type { PlanVisit, VisitRefusal } from './plan-visit.ts';
import type { ParkDays, SignAdmissionCode } from './ports.ts';
import type { TakePlaces } from './take-places.ts';
import { ticketFromEvents, type TicketOfCommand, type TicketView } from './ticket-view.ts';
import type { ParkToday } from './visit-day.ts';

export type DeskVisit = {
  readonly parkId: string;
  readonly children: readonly { readonly name: string | null; readonly age: number }[];
  readonly adults: number;
  /** The payment that is stored with the ticket, which is active then; null when the money is still to come. */
  readonly paymentId: string | null;
};

export type DeskRefusal =
  | Extract<VisitRefusal, { readonly code: 'park_not_found' | 'park_closed' | 'bad_child' }>
  | { readonly code: 'park_at_capacity'; readonly remaining: number };

export type DeskTicket = { readonly ticketId: string; readonly priceTyiyn: Tyiyn };

/**
 * Sells a ticket for today to somebody without an account, in one append with what the till writes: `stepsOf` answers the
 * steps of the payment and the shift for the ticket and its price. Told again, it answers the ticket as it is now.
 */
export type SellAtDesk = <Refusal extends { readonly code: string }>(
  visit: DeskVisit,
  stepsOf: (ticket: DeskTicket) => readonly Step<Refusal>[],
  meta: CommandMeta,
) => Promise<Result<TicketView, DeskRefusal | Refusal>>;

type Dependencies = {
  readonly planVisit: PlanVisit;
  readonly takePlaces: TakePlaces;
  readonly ticketOfCommand: TicketOfCommand;
  readonly parkToday: ParkToday;
  readonly parkDays: ParkDays;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly clock: { now(): number };
  readonly ids: Ids;
};

export function createSellAtDesk(dependencies: Dependencies): SellAtDesk {
  const { planVisit, takePlaces, ticketOfCommand, parkToday, signAdmissionCode, clock, ids } = dependencies;
  return async <Refusal extends { readonly code: string }>(
    { parkId, children, adults, paymentId }: DeskVisit,
    stepsOf: (ticket: DeskTicket) => readonly Step<Refusal>[],
    meta: CommandMeta,
  ): Promise<Result<TicketView, DeskRefusal | Refusal>> => {
    const visitDate = await parkToday(parkId, clock.now());
    if (visitDate === null) return refuse({ code: 'park_not_found' });
    const visit = { userId: null, parkId, visitDate, ticketType: undefined, children, adults };
    const planned = await planVisit(visit);
    if (!planned.ok) return refuse(ofDesk(planned.refusal));
    const terms = termsOf(visit, planned.value, ids);
    const { ticketId, priceTyiyn } = terms;
    const isPaid = paymentId !== null && priceTyiyn > 0n;
    const admissionCode = signAdmissionCode({ ...terms, partySize: terms.places });
    const sale: Step<TicketRefusal | Refusal> = isPaid
      ? step(ticket, ticketId, { kind: 'sell', terms, paymentId, admissionCode }, { isNew: true })
      : step(ticket, ticketId, { kind: 'hold', terms, admissionCode }, { isNew: true });
    const done = await takePlaces<TicketRefusal | Refusal>({
      parkId,
      date: visitDate,
      dayQuota: planned.value.dayQuota,
      steps: [sale, ...(priceTyiyn > 0n ? stepsOf({ ticketId, priceTyiyn }) : [])],
      meta: { ...meta, parkId },
    });
    if (done.ok) {
      // Told again, it is no longer what it was made as.
      const known = done.value.replayed ? await ticketOfCommand(String(meta.commandId)) : null;
      return ok(known ?? ticketFromEvents(done.value.events));
    }
    const { refusal } = done;
    if (refusal.code === 'insufficient' && 'available' in refusal) {
      return refuse({ code: 'park_at_capacity', remaining: refusal.available });
    }
    assert(!isOwn(refusal), `a new ticket cannot be refused as ${refusal.code}`);
    return refuse(refusal as Refusal);
  };
}

/** What can be wrong with a visit of today that names no child of a profile, no promo code and no points. */
function ofDesk(refusal: VisitRefusal): DeskRefusal {
  switch (refusal.code) {
    case 'park_not_found':
    case 'park_closed':
    case 'bad_child':
      return refusal;
    // Midnight came in between.
    case 'date_not_bookable':
      return { code: 'park_closed' };
    default:
      assert(false, `a sale at the desk was refused as ${refusal.code}`);
  }
}

const isOwn = ({ code }: { readonly code: string }): boolean => code.startsWith('ticket_') || code === 'claimed';
