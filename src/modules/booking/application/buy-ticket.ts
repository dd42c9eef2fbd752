import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type Step, type StoreRefusal, type UnitDone } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { HOLD_MS } from '../domain/hold-times.ts';
import type { PassRefusal } from '../domain/pass.ts';
import type { TicketRefusal, TicketTerms } from '../domain/ticket-messages.ts';
import { promoAccount } from '../domain/ticket-transfers.ts';
import { ticket } from '../domain/ticket.ts';
import type { NeedsProof } from './free-visits.ts';
import { bookingOf, isPassRefusal, passSteps } from './pass-visits.ts';
import type { PlanVisit, VisitPlan, VisitRefusal, VisitRequest } from './plan-visit.ts';
import type { PassOwner, ReservePoints, SignAdmissionCode } from './ports.ts';
import type { IsPromised } from './promised-places.ts';
import type { PromoUses } from './promo-uses.ts';
import type { TakePlaces } from './take-places.ts';
import { ticketFromEvents, type TicketOfCommand, type TicketView } from './ticket-view.ts';

/** Random bytes in a QR code: enough that nobody guesses one. */
const QR_BYTES = 16;

export type BuyRefusal =
  | VisitRefusal
  | { readonly code: 'park_at_capacity'; readonly remaining: number }
  /** Nothing is to be paid, and the number of the account is not proven yet. */
  | { readonly code: 'phone_not_verified' };

export type BuyTicket = (
  request: VisitRequest & { readonly userId: string },
  meta: CommandMeta,
) => Promise<Result<TicketView, BuyRefusal | PassRefusal>>;

type Dependencies = {
  readonly planVisit: PlanVisit;
  readonly takePlaces: TakePlaces;
  readonly promoUses: PromoUses;
  readonly reservePoints: ReservePoints;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly passOwner: PassOwner;
  readonly ids: Ids;
  readonly isPromised: IsPromised;
  readonly ticketOfCommand: TicketOfCommand;
  readonly needsProof: NeedsProof;
};

/** What a ticket will say, made of a plan. */
export function termsOf(
  { parkId, visitDate, userId, adults, passId }: VisitRequest,
  plan: VisitPlan,
  ids: Ids,
): TicketTerms {
  const { price, plannedAtMs } = plan;
  const ticketId = ids.next();
  return {
    ticketId,
    userId,
    subjectId: userId ?? ticketId,
    parkId,
    visitDate,
    adults,
    ticketType: plan.ticketType,
    children: plan.children,
    places: plan.places,
    promo: plan.promo,
    tier: plan.tier,
    pointsSpent: plan.pointsSpent,
    validFromMs: plan.validFromMs,
    validUntilMs: plan.validUntilMs,
    closesAtMs: plan.closesAtMs,
    passId: passId ?? null,
    qrCode: ids.secret(QR_BYTES),
    priceTyiyn: price.totalTyiyn,
    priceLines: price.lines,
    createdAtMs: plannedAtMs,
    expiresAtMs: Math.min(plannedAtMs + HOLD_MS, plan.closesAtMs),
  };
}

type SaleRefusal = TicketRefusal | PassRefusal | { readonly code: 'points_insufficient'; readonly available: number };

/**
 * Holds places for a party and makes its ticket, in one append with the points it spends, the use of its promo code or the
 * visit of its pass: all of it is stored with the ticket's `qr_code`, or nothing happened. A ticket that costs nothing is
 * active at once.
 */
export function createBuyTicket(dependencies: Dependencies): BuyTicket {
  const { planVisit, takePlaces, promoUses, reservePoints, signAdmissionCode, passOwner, ids } = dependencies;
  const { isPromised, ticketOfCommand, needsProof } = dependencies;

  const sell: BuyTicket = async (request, meta) => {
    const planned = await planVisit(request);
    if (!planned.ok) return planned;
    const { dayQuota, limitPerGuest, price } = planned.value;
    const { parkId, visitDate, userId, passId } = request;
    if (passId !== undefined && (await passOwner(passId)) !== userId) return refuse({ code: 'pass_not_found' });
    if (await needsProof(request, price.totalTyiyn)) return refuse({ code: 'phone_not_verified' });
    if (await isPromised(parkId, visitDate, dayQuota)) return refuse({ code: 'park_at_capacity', remaining: 0 });
    const terms = termsOf(request, planned.value, ids);
    const { ticketId, promo, pointsSpent, createdAtMs } = terms;
    // A guest's own counter holds what was once allowed; the limit may be lower by now.
    if (promo !== null && !(await promoUses.areLeft(promo.promoId, { userId, limitPerGuest }))) {
      return refuse({ code: 'promo_used_up' });
    }
    const admissionCode = terms.priceTyiyn === 0n ? signAdmissionCode({ ...terms, partySize: terms.places }) : null;
    const steps: readonly Step<SaleRefusal>[] = [
      step(ticket, ticketId, { kind: 'hold', terms, admissionCode }, { isNew: true }),
      ...(pointsSpent === 0 ? [] : [reservePoints({ userId, ticketId, points: pointsSpent, nowMs: createdAtMs })]),
      ...passSteps(terms, bookingOf(terms)),
    ];
    const sale = { parkId, date: visitDate, dayQuota, steps, meta: { ...meta, parkId } };
    let done = await takePlaces(sale);
    // A guest's own counter of a code is opened by its first use; whoever opened it, there may be uses now.
    if (!done.ok && promo !== null && isPromo(done.refusal, promoAccount(promo.promoId, userId, 'left'))) {
      await promoUses.grant({ promoId: promo.promoId, userId, limitPerGuest }, meta);
      done = await takePlaces(sale);
    }
    return answerOf(done);
  };

  return async (request, meta) => {
    const sold = await sell(request, meta);
    // What was sold by this very command may be why it would be refused now: its points and its place are taken.
    const told = sold.ok || meta.commandId === undefined ? null : await ticketOfCommand(meta.commandId);
    return told === null ? sold : ok(told);
  };
}

const isPromo = (refusal: SaleRefusal | StoreRefusal, account: string): boolean =>
  refusal.code === 'insufficient' && refusal.account.startsWith(account);

function answerOf(done: Result<UnitDone, SaleRefusal | StoreRefusal>): Result<TicketView, BuyRefusal | PassRefusal> {
  if (done.ok) return ok(ticketFromEvents(done.value.events));
  const { refusal } = done;
  if (refusal.code === 'points_insufficient' || isPassRefusal(refusal)) return refuse(refusal);
  assert(refusal.code === 'insufficient', `a new hold cannot be refused as ${refusal.code}`);
  if (isPromo(refusal, 'promo/')) return refuse({ code: 'promo_used_up' });
  return refuse({ code: 'park_at_capacity', remaining: refusal.available });
}
