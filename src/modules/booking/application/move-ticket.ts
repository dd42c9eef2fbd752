import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { ageOn, type LocalDate } from '../../../kernel/time.ts';
import type { PassRefusal } from '../domain/pass.ts';
import { mostPoints, NO_DISCOUNTS, passPriceOf, priceOf, type Price } from '../domain/pricing.ts';
import { promoObstacle } from '../domain/promo-code.ts';
import type { DayTerms, MoveTerms, TicketChild, TicketRefusal, TicketTerms } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';
import { isPassRefusal, passSteps } from './pass-visits.ts';
import { ageBand } from './plan-visit.ts';
import type { AsksGates } from './asks-gates.ts';
import type { FindPromo, GuestStandings, SignAdmissionCode } from './ports.ts';
import type { IsPromised } from './promised-places.ts';
import type { TakePlaces } from './take-places.ts';
import type { DayRefusal, FindVisitDay, ParkToday, VisitDay } from './visit-day.ts';

type MoveRefusal =
  | DayRefusal
  | PassRefusal
  | Extract<
      TicketRefusal,
      {
        readonly code:
          'ticket_not_found' | 'ticket_not_movable' | 'already_moved' | 'too_late_to_move' | 'move_in_progress';
      }
    >
  | { readonly code: 'park_at_capacity'; readonly remaining: number };

export type MoveTicket = (
  request: { readonly ticketId: string; readonly userId: string; readonly visitDate: LocalDate },
  meta: CommandMeta,
) => Promise<Result<null, MoveRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly findVisitDay: FindVisitDay;
  readonly takePlaces: TakePlaces;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly isPromised: IsPromised;
  readonly findPromo: FindPromo;
  readonly standings: GuestStandings;
  readonly parkToday: ParkToday;
  readonly asksGates: AsksGates;
};

/** A child as old as it will be on another day; one whose birth date nobody told stays as old as was said. */
function childOn(child: TicketChild, visitDate: LocalDate): TicketChild {
  if (child.birthDate === null) return child;
  const age = Math.max(0, ageOn(child.birthDate, visitDate));
  return { ...child, age, ageBand: ageBand(age) };
}

type Party = { readonly ages: readonly number[]; readonly adults: number };

/** The same party on another day: the promo code only where it counts there, no more points than may be spent on its price. */
function createTermsOn({
  findPromo,
  standings,
  parkToday,
}: Pick<Dependencies, 'findPromo' | 'standings' | 'parkToday'>) {
  async function promoOn(
    { parkId, promo, createdAtMs }: TicketTerms,
    visitDate: LocalDate,
    { ages, adults }: Party,
    { tariff, today }: VisitDay,
  ): Promise<TicketTerms['promo']> {
    const found = promo === null ? null : await findPromo(promo.code);
    if (found === null) return null;
    // A code for purchases was used when the ticket was bought.
    const boughtOn = (await parkToday(parkId, createdAtMs)) ?? today;
    const priceTyiyn = priceOf(ages, adults, tariff).totalTyiyn;
    return promoObstacle(found, { parkId, visitDate, today: boughtOn, priceTyiyn }) === null ? promo : null;
  }

  async function pointsOn(
    { userId, pointsSpent, priceLines }: TicketTerms,
    beforePointsTyiyn: Tyiyn,
    nowMs: number,
  ): Promise<{ readonly pointsSpent: number; readonly pointsTyiyn: Tyiyn }> {
    const line = priceLines.find(({ kind }) => kind === 'points');
    if (line === undefined || userId === null || pointsSpent === 0) return { pointsSpent: 0, pointsTyiyn: 0n };
    // They are worth what they were when they were spent.
    const pointTyiyn = -line.amountTyiyn / BigInt(pointsSpent);
    const { spendablePercent } = await standings(userId, nowMs);
    const stay = Math.min(pointsSpent, mostPoints(beforePointsTyiyn, { spendablePercent, pointTyiyn }));
    return { pointsSpent: stay, pointsTyiyn: pointTyiyn * BigInt(stay) };
  }

  return async (terms: TicketTerms, visitDate: LocalDate, on: VisitDay): Promise<MoveTerms> => {
    const children = terms.children.map((child) => childOn(child, visitDate));
    const { validFromMs, validUntilMs, closesAtMs, tariff, nowMs } = on;
    const day = ({ totalTyiyn: priceTyiyn, lines: priceLines }: Price): DayTerms => ({
      visitDate,
      children,
      priceTyiyn,
      priceLines,
      validFromMs,
      validUntilMs,
      closesAtMs,
    });
    if (terms.passId !== null) return { day: day(passPriceOf(terms.places)), returnedPromo: null, pointsSpent: 0 };
    const party = { ages: children.map(({ age }) => age ?? 0), adults: terms.adults };
    const promo = await promoOn(terms, visitDate, party, on);
    const discounts = { ...NO_DISCOUNTS, promo, tierPercent: terms.tier?.percent ?? 0 };
    const { beforePointsTyiyn } = priceOf(party.ages, party.adults, tariff, discounts);
    const { pointsSpent, pointsTyiyn } = await pointsOn(terms, beforePointsTyiyn, nowMs);
    const price = priceOf(party.ages, party.adults, tariff, { ...discounts, pointsTyiyn });
    return { day: day(price), returnedPromo: promo === null ? terms.promo : null, pointsSpent };
  };
}

/**
 * Takes the places of the new day and frees the old ones in one append; codes of the old day let nobody in any more. Places of
 * a dearer day are held until the difference is paid. Where another node serves the gates of the old day, its places are free, and money
 * goes back, once they have answered; where yet another serves those of the new one, nobody could tell on which of them somebody came in
 * first, and the ticket stays.
 */
export function createMoveTicket(dependencies: Dependencies): MoveTicket {
  const { runner, findVisitDay, takePlaces, signAdmissionCode, isPromised, asksGates } = dependencies;
  const termsOn = createTermsOn(dependencies);
  return async ({ ticketId, userId, visitDate }, meta) => {
    const { terms } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms === null || terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
    const { parkId, places } = terms;
    const found = await findVisitDay(parkId, visitDate);
    if (!found.ok) return found;
    const { today, nowMs, dayQuota } = found.value;
    const asks = await asksGates(parkId, terms.visitDate, visitDate);
    if (asks === 'two_nodes') return refuse({ code: 'ticket_not_movable', status: 'active' });
    if (await isPromised(parkId, visitDate, dayQuota)) return refuse({ code: 'park_at_capacity', remaining: 0 });
    const to = await termsOn(terms, visitDate, found.value);
    const admissionCode = signAdmissionCode({ ticketId, parkId, partySize: places, ...to.day });
    const steps: readonly Step<TicketRefusal | PassRefusal>[] = [
      step(ticket, ticketId, { kind: 'move', userId, to, ...asks, today, nowMs, admissionCode }),
      ...passSteps(terms, { kind: 'move', ticketId, visitDate }),
    ];
    const done = await takePlaces({
      parkId,
      date: visitDate,
      dayQuota,
      steps,
      meta: { ...meta, parkId },
    });
    if (done.ok) return ok(null);
    const { refusal } = done;
    if (refusal.code === 'insufficient') return refuse({ code: 'park_at_capacity', remaining: refusal.available });
    return refuse(isPassRefusal(refusal) ? refusal : only(CODES, refusal));
  };
}

const CODES = [
  'ticket_not_found',
  'ticket_not_movable',
  'already_moved',
  'too_late_to_move',
  'move_in_progress',
] as const;
