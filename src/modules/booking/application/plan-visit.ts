import { parsePersonName } from '../../../kernel/person-name.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { ageOn } from '../../../kernel/time.ts';
import type { AgeBand } from '../contract.ts';
import { GROUP_CHILDREN, type Price } from '../domain/pricing.ts';
import type { TicketChild, TicketTerms, TicketType } from '../domain/ticket-messages.ts';
import type { ChildrenOf } from './ports.ts';
import type { DiscountRefusal, PriceVisit } from './price-visit.ts';
import type { DayRefusal, FindVisitDay } from './visit-day.ts';
import type { ChildInput, VisitRequest } from './visit-request.ts';

/** Children are under this age. */
const ADULT_AGE = 18;
const BAD_NAME = 'name must have a letter or a digit, and no line ends or control characters';

export type { ChildInput, VisitRequest };

export type VisitPlan = {
  readonly ticketType: TicketType;
  readonly children: readonly TicketChild[];
  readonly places: number;
  readonly price: Price;
  readonly promo: TicketTerms['promo'];
  readonly tier: TicketTerms['tier'];
  readonly pointsSpent: number;
  readonly limitPerGuest: number;
  readonly dayQuota: number;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly closesAtMs: number;
  readonly plannedAtMs: number;
};

export type VisitRefusal =
  | DayRefusal
  | DiscountRefusal
  | { readonly code: 'child_not_found'; readonly index: number }
  | { readonly code: 'bad_child'; readonly index: number; readonly message: string }
  | { readonly code: 'too_few_children' }
  /** A visit of a pass is a plain one. */
  | { readonly code: 'not_with_pass'; readonly what: 'promoCode' | 'points' | 'ticketType' };

export type PlanVisit = (request: VisitRequest) => Promise<Result<VisitPlan, VisitRefusal>>;

type Dependencies = {
  readonly findVisitDay: FindVisitDay;
  readonly priceVisit: PriceVisit;
  readonly childrenOf: ChildrenOf;
};

type ComingChild = TicketChild & { readonly age: number };

/** Everything a ticket will say, decided by the server: who comes, what it costs, when gates open. Holds nothing. */
export function createPlanVisit({ findVisitDay, priceVisit, childrenOf }: Dependencies): PlanVisit {
  async function resolve(request: VisitRequest): Promise<Result<readonly ComingChild[], VisitRefusal>> {
    const asksProfile = request.children.some((child) => 'childId' in child);
    const profile = asksProfile && request.userId !== null ? await childrenOf(request.userId) : [];
    const known = new Map(profile.map((child) => [child.childId, child]));
    const resolved: ComingChild[] = [];
    for (const [index, child] of request.children.entries()) {
      const named = 'childId' in child ? known.get(child.childId) : { childId: null, ...child };
      if (named === undefined) return refuse({ code: 'child_not_found', index });
      const isRepeated = named.childId !== null && resolved.some(({ childId }) => childId === named.childId);
      if (isRepeated) return refuse({ code: 'bad_child', index, message: 'is named twice' });
      const name = named.name === null ? null : parsePersonName(named.name);
      if (name === null && named.name !== null) return refuse({ code: 'bad_child', index, message: BAD_NAME });
      const birthDate = 'birthDate' in named ? named.birthDate : null;
      const age = 'age' in named ? named.age : ageOn(named.birthDate, request.visitDate);
      if (age < 0) return refuse({ code: 'bad_child', index, message: 'is not born yet on the day of the visit' });
      if (age >= ADULT_AGE)
        return refuse({ code: 'bad_child', index, message: `is ${ADULT_AGE} or older: book an adult` });
      resolved.push({ childId: named.childId, name, birthDate, age, ageBand: ageBand(age) });
    }
    return ok(resolved);
  }

  return async (request) => {
    const what = request.passId === undefined ? null : notWithPass(request);
    if (what !== null) return refuse({ code: 'not_with_pass', what });
    const found = await findVisitDay(request.parkId, request.visitDate);
    if (!found.ok) return found;
    const { tariff: _tariff, today: _today, nowMs: plannedAtMs, ...day } = found.value;
    const children = await resolve(request);
    if (!children.ok) return children;
    if (request.ticketType === 'group' && children.value.length < GROUP_CHILDREN)
      return refuse({ code: 'too_few_children' });
    const ages = children.value.map(({ age }) => age);
    const isGroup = request.passId === undefined && ages.length >= GROUP_CHILDREN;
    const priced = await priceVisit(request, ages, found.value);
    if (!priced.ok) return priced;
    return ok({
      ticketType: request.ticketType ?? (isGroup ? 'group' : 'single'),
      children: children.value,
      places: ages.length + request.adults,
      ...priced.value,
      ...day,
      plannedAtMs,
    });
  };
}

/** What of a request makes no sense with a pass; null when all of it does. */
function notWithPass({
  promoCode,
  points = 0,
  ticketType,
}: VisitRequest): 'promoCode' | 'points' | 'ticketType' | null {
  if (promoCode !== undefined) return 'promoCode';
  if (points > 0) return 'points';
  return ticketType === 'group' ? 'ticketType' : null;
}

export const ageBand = (age: number): AgeBand => (age < 3 ? '0-2' : age < 7 ? '3-6' : age < 13 ? '7-12' : '13-17');
