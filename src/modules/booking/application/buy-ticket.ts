import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { ticket } from '../domain/ticket.ts';
import type { TicketTerms } from '../domain/ticket-messages.ts';
import type { PlanVisit, VisitRefusal, VisitRequest } from './plan-visit.ts';
import type { SignAdmissionCode } from './ports.ts';
import type { TakePlaces } from './take-places.ts';
import { ticketFromEvents, type TicketView } from './ticket-view.ts';

/** How long places wait for the payment. */
const HOLD_MS = 15 * 60_000;
/** Random bytes in a QR code: enough that nobody guesses one. */
const QR_BYTES = 16;

export type BuyRefusal = VisitRefusal | { readonly code: 'park_at_capacity'; readonly remaining: number };

export type BuyTicket = (
  request: VisitRequest & { readonly userId: string },
  meta: CommandMeta,
) => Promise<Result<TicketView, BuyRefusal>>;

type Dependencies = {
  readonly planVisit: PlanVisit;
  readonly takePlaces: TakePlaces;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly ids: Ids;
};

/**
 * Holds places for a party and makes its ticket, in one append: either the day had room and the ticket is stored with its
 * `qr_code`, or nothing happened. A ticket that costs nothing is active at once.
 */
export function createBuyTicket({ planVisit, takePlaces, signAdmissionCode, ids }: Dependencies): BuyTicket {
  return async (request, meta) => {
    const planned = await planVisit(request);
    if (!planned.ok) return planned;
    const { price, plannedAtMs, dayQuota, ...plan } = planned.value;
    const { parkId, visitDate, userId, adults } = request;
    const terms: TicketTerms = {
      ticketId: ids.next(),
      userId,
      subjectId: userId,
      parkId,
      visitDate,
      adults,
      ...plan,
      qrCode: ids.secret(QR_BYTES),
      priceTyiyn: price.totalTyiyn,
      priceLines: price.lines,
      promo: null,
      tier: null,
      pointsSpent: 0,
      createdAtMs: plannedAtMs,
      expiresAtMs: Math.min(plannedAtMs + HOLD_MS, plan.closesAtMs),
    };
    const admissionCode = price.totalTyiyn === 0n ? signAdmissionCode({ ...terms, partySize: terms.places }) : null;
    const done = await takePlaces({
      parkId,
      date: visitDate,
      dayQuota,
      step: step(ticket, terms.ticketId, { kind: 'hold', terms, admissionCode }, { isNew: true }),
      meta: { ...meta, parkId },
    });
    if (done.ok) return ok(ticketFromEvents(done.value.events));
    assert(done.refusal.code === 'insufficient', `a new hold cannot be refused as ${done.refusal.code}`);
    return refuse({ code: 'park_at_capacity', remaining: done.refusal.available });
  };
}
