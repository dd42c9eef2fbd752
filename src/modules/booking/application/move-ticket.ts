import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { ageOn, type LocalDate } from '../../../kernel/time.ts';
import type { PassRefusal } from '../domain/pass.ts';
import { passPriceOf, priceOf } from '../domain/pricing.ts';
import type { DayTerms, TicketChild, TicketRefusal, TicketTerms } from '../domain/ticket-messages.ts';
import { ticket } from '../domain/ticket.ts';
import { isPassRefusal, passSteps } from './pass-visits.ts';
import { ageBand } from './plan-visit.ts';
import type { SignAdmissionCode } from './ports.ts';
import type { IsPromised } from './promised-places.ts';
import type { TakePlaces } from './take-places.ts';
import type { DayRefusal, FindVisitDay, VisitDay } from './visit-day.ts';

type MoveRefusal =
  | DayRefusal
  | PassRefusal
  | Extract<
      TicketRefusal,
      {
        readonly code:
          'ticket_not_found' | 'ticket_not_movable' | 'already_moved' | 'too_late_to_move' | 'move_costs_more';
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
};

/** A child as old as it will be on another day; one whose birth date nobody told stays as old as was said. */
function childOn(child: TicketChild, visitDate: LocalDate): TicketChild {
  if (child.birthDate === null) return child;
  const age = Math.max(0, ageOn(child.birthDate, visitDate));
  return { ...child, age, ageBand: ageBand(age) };
}

/** The same party with the same code, tier and points at the prices of another day. */
function termsOn(terms: TicketTerms, visitDate: LocalDate, day: VisitDay): DayTerms {
  const children = terms.children.map((child) => childOn(child, visitDate));
  const spent = terms.priceLines.find(({ kind }) => kind === 'points');
  const ages = children.map(({ age }) => age ?? 0);
  const discounts = {
    promo: terms.promo,
    tierPercent: terms.tier?.percent ?? 0,
    pointsTyiyn: -(spent?.amountTyiyn ?? 0n),
  };
  const price = terms.passId === null ? priceOf(ages, terms.adults, day.tariff, discounts) : passPriceOf(terms.places);
  const { validFromMs, validUntilMs, closesAtMs } = day;
  const { totalTyiyn: priceTyiyn, lines: priceLines } = price;
  return { visitDate, children, priceTyiyn, priceLines, validFromMs, validUntilMs, closesAtMs };
}

/** Takes the places of the new day and frees the old ones in one append; codes of the old day let nobody in any more. */
export function createMoveTicket(dependencies: Dependencies): MoveTicket {
  const { runner, findVisitDay, takePlaces, signAdmissionCode, isPromised } = dependencies;
  return async ({ ticketId, userId, visitDate }, meta) => {
    const { terms } = (await runner.stateOf(ticket, ticketId)).state;
    if (terms === null || terms.userId !== userId) return refuse({ code: 'ticket_not_found' });
    const { parkId, places } = terms;
    const found = await findVisitDay(parkId, visitDate);
    if (!found.ok) return found;
    const { today, nowMs, dayQuota } = found.value;
    if (await isPromised(parkId, visitDate, dayQuota)) return refuse({ code: 'park_at_capacity', remaining: 0 });
    const day = termsOn(terms, visitDate, found.value);
    const admissionCode = signAdmissionCode({ ticketId, parkId, partySize: places, ...day });
    const steps: readonly Step<TicketRefusal | PassRefusal>[] = [
      step(ticket, ticketId, { kind: 'move', userId, day, today, nowMs, admissionCode }),
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
    assert(isMoveRefusal(refusal), `moving cannot be refused as ${refusal.code}`);
    return refuse(refusal);
  };
}

const CODES: readonly string[] = [
  'ticket_not_found',
  'ticket_not_movable',
  'already_moved',
  'too_late_to_move',
  'move_costs_more',
] satisfies readonly MoveRefusal['code'][];

const isMoveRefusal = (refusal: { readonly code: string }): refusal is MoveRefusal =>
  CODES.includes(refusal.code) || isPassRefusal(refusal);
