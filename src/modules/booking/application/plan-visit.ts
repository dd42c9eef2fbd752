import { parsePersonName } from '../../../kernel/person-name.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { addDays, ageOn, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import type { AgeBand } from '../contract.ts';
import { GROUP_CHILDREN, priceOf, type Price } from '../domain/pricing.ts';
import type { TicketChild, TicketType } from '../domain/ticket-messages.ts';
import type { ChildrenOf, ParkDays } from './ports.ts';

/** How many days ahead a visit may be booked. */
export const BOOKING_HORIZON_DAYS = 90;
/** Children are under this age. */
const ADULT_AGE = 18;
const BAD_NAME = 'name must have a letter or a digit, and no line ends or control characters';
/** How long before opening and after closing gates accept a ticket of the day. */
const EARLY_MS = 60 * 60_000;
const LATE_MS = 30 * 60_000;

export type ChildInput =
  | { readonly childId: string }
  | { readonly name: string; readonly age: number }
  | { readonly name: string; readonly birthDate: LocalDate };

export type VisitRequest = {
  /** Null when nobody is signed in; then children cannot be named by id. */
  readonly userId: string | null;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly ticketType: TicketType | undefined;
  readonly children: readonly ChildInput[];
  readonly adults: number;
};

export type VisitPlan = {
  readonly ticketType: TicketType;
  readonly children: readonly TicketChild[];
  readonly places: number;
  readonly price: Price;
  readonly dayQuota: number;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly closesAtMs: number;
  readonly plannedAtMs: number;
};

export type VisitRefusal =
  | { readonly code: 'park_not_found' }
  | { readonly code: 'park_closed' }
  | { readonly code: 'date_not_bookable'; readonly from: LocalDate; readonly to: LocalDate }
  | { readonly code: 'child_not_found'; readonly index: number }
  | { readonly code: 'bad_child'; readonly index: number; readonly message: string }
  | { readonly code: 'too_few_children' };

export type PlanVisit = (request: VisitRequest) => Promise<Result<VisitPlan, VisitRefusal>>;

type Dependencies = {
  readonly parkDays: ParkDays;
  readonly childrenOf: ChildrenOf;
  readonly clock: Clock;
  readonly zone: Zone;
};

type ComingChild = TicketChild & { readonly age: number };

/** Everything a ticket will say, decided by the server: who comes, what it costs, when gates open. Holds nothing. */
export function createPlanVisit({ parkDays, childrenOf, clock, zone }: Dependencies): PlanVisit {
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
      const name = parsePersonName(named.name);
      if (name === null) return refuse({ code: 'bad_child', index, message: BAD_NAME });
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
    const { parkId, visitDate, adults } = request;
    const day = await parkDays(parkId, visitDate);
    if (day === null) return refuse({ code: 'park_not_found' });
    const nowMs = clock.now();
    const today = zone.dateAt(nowMs, day.timeZone);
    const horizon = addDays(today, BOOKING_HORIZON_DAYS);
    if (visitDate < today || visitDate > horizon)
      return refuse({ code: 'date_not_bookable', from: today, to: horizon });
    if (day.hours === null) return refuse({ code: 'park_closed' });
    const closesAtMs = zone.instantOf(visitDate, day.hours.closeTime, day.timeZone);
    if (nowMs >= closesAtMs) return refuse({ code: 'park_closed' });
    const children = await resolve(request);
    if (!children.ok) return children;
    if (request.ticketType === 'group' && children.value.length < GROUP_CHILDREN)
      return refuse({ code: 'too_few_children' });
    const ages = children.value.map(({ age }) => age);
    return ok({
      ticketType: request.ticketType ?? (ages.length >= GROUP_CHILDREN ? 'group' : 'single'),
      children: children.value,
      places: ages.length + adults,
      price: priceOf(ages, adults, day),
      dayQuota: day.dayQuota,
      validFromMs: zone.instantOf(visitDate, day.hours.openTime, day.timeZone) - EARLY_MS,
      validUntilMs: closesAtMs + LATE_MS,
      closesAtMs,
      plannedAtMs: nowMs,
    });
  };
}

const ageBand = (age: number): AgeBand => (age < 3 ? '0-2' : age < 7 ? '3-6' : age < 13 ? '7-12' : '13-17');
