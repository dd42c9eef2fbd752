import type { Transfer } from '../../kernel/decider.ts';
import type { Recorded } from '../../kernel/event-codec.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import {
  capacityAccount,
  day,
  freeAndDeficit,
  type DayEvent,
  type DayQuotaChanged,
} from '../../modules/booking/domain/capacity.ts';
import { dayGrants, type GrantEvent } from '../../modules/booking/domain/day-grants.ts';
import { parkShare, type ShareEvent } from '../../modules/booking/domain/park-share.ts';
import {
  promoAllowance,
  promoCode,
  type PromoAllowanceGranted,
  type PromoEvent,
} from '../../modules/booking/domain/promo-code.ts';
import { ticket } from '../../modules/booking/domain/ticket.ts';
import type { TicketEvent } from '../../modules/booking/domain/ticket-messages.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';
import { ShareAccounts } from './share-accounts.ts';

const COUNTERS = statement(
  'check.counters',
  "select account, balance from store.counter where account not like 'entry/%'",
);

const PLACES = statement(
  'check.places',
  `select park_id as "parkId", date, sold_by = (select node_id from store.head) as "isOwn", sum(held)::integer as held,
     sum(sold)::integer as sold from (
     select park_id, visit_date as date, sold_by, sold_places as sold,
       -- Gates may have let in by a ticket that is not known to be sold here.
       case when status = 'pending_payment' or (status = 'used' and status_hlc = 0) then places else 0 end as held
     from booking.tickets
     union all
     select park_id, move_to, sold_by, 0, places from booking.tickets where move_to is not null
     union all
     select park_id, leaving, sold_by, places, 0 from booking.tickets where leaving is not null
   ) places group by 1, 2, 3`,
);

type Places = {
  readonly parkId: string;
  readonly date: string;
  readonly isOwn: boolean;
  readonly held: number;
  readonly sold: number;
};

type Held = Pick<Places, 'held' | 'sold'>;

const isDayEvent = (event: Recorded): event is Recorded<DayEvent> => event.meta.aggregateType === day.aggregateType;

const isGrantEvent = (event: Recorded): event is Recorded<GrantEvent> =>
  event.meta.aggregateType === dayGrants.aggregateType;

const isShareEvent = (event: Recorded): event is Recorded<ShareEvent> =>
  event.meta.aggregateType === parkShare.aggregateType;

const isTicketEvent = (event: Recorded): event is Recorded<TicketEvent> =>
  event.meta.aggregateType === ticket.aggregateType;

const isPromoEvent = (event: Recorded): event is Recorded<PromoEvent> =>
  event.meta.aggregateType === promoCode.aggregateType;

function transfersOf(event: Recorded): readonly Transfer[] {
  if (isDayEvent(event)) return day.transfersOf?.(event) ?? [];
  if (isGrantEvent(event)) return dayGrants.transfersOf?.(event) ?? [];
  if (isShareEvent(event)) return parkShare.transfersOf?.(event) ?? [];
  if (isTicketEvent(event)) return ticket.transfersOf?.(event) ?? [];
  if (isPromoEvent(event)) return promoCode.transfersOf?.(event) ?? [];
  return isOf<PromoAllowanceGranted>(event, 'PromoAllowanceGranted') ? (promoAllowance.transfersOf?.(event) ?? []) : [];
}

type Bucket = 'free' | 'held' | 'sold' | 'granted' | 'written_off';
type Sums = Record<Bucket | 'deficit' | 'quota', number>;

const sumText = ({ free, held, sold, granted, written_off: lost, deficit, quota }: Sums): string => {
  const atParks = granted === 0 ? '' : ` + ${granted} granted to parks`;
  const forgotten = lost === 0 ? '' : ` + ${lost} sold and forgotten`;
  return `${free} free + ${held} held + ${sold} sold${atParks}${forgotten} = ${count(quota, 'place')}${deficit === 0 ? '' : ` + ${deficit} deficit`}`;
};

/** @param faults what is wrong is added to them */
function createDayChecks(shares: ShareAccounts, faults: string[]) {
  /** What headquarters has granted is with the parks, was written off, or is on its way. */
  function checkShare(name: string, granted: number): void {
    const { free, held, sold, inFlight, writtenOff } = shares.of(name);
    const there = `${free} free + ${held} held + ${sold} sold + ${writtenOff} written off + ${inFlight} on their way`;
    const isSum = free + held + sold + writtenOff + inFlight === granted;
    if (!isSum || [free, held, sold, inFlight, writtenOff].some((places) => places < 0))
      faults.push(`${name}: ${granted} are granted, parks have ${there}`);
  }

  function checkDay(name: string, one: { readonly quota: number }, places: Record<Bucket, number>, said: Held): Sums {
    const { free, deficit } = freeAndDeficit(places.free);
    const { held, sold, granted, written_off: lost } = places;
    if (free + held + sold + granted + lost !== one.quota + deficit)
      faults.push(
        `${name}: ${free} free + ${held} held + ${sold} sold + ${granted} granted + ${lost} forgotten is not ${one.quota} + ${deficit} deficit`,
      );
    checkTickets(name, said, { held, sold });
    checkShare(name, granted);
    return { ...places, free, deficit, quota: one.quota };
  }

  function checkTickets(name: string, said: Held, { held, sold }: Held): void {
    if (said.held !== held || said.sold !== sold)
      faults.push(`${name}: tickets hold ${said.held} and sold ${said.sold}, counters ${held} and ${sold}`);
  }

  return { checkDay, checkTickets };
}

/**
 * Rule 1, never oversold: counters folded from the log are those the store keeps, never went below zero but by a lowered
 * quota, add up to each day's quota, and hold as many places as the tickets say. What was granted to parks is where their logs
 * say it is, or on its way.
 */
export function createCapacityAudit(): Audit {
  const balances = new Map<string, number>();
  const quotas = new Map<string, { readonly parkId: string; readonly date: string; readonly quota: number }>();
  const shares = new ShareAccounts();
  const faults: string[] = [];

  function apply({ from, to, amount, overdraws = false }: Transfer, position: number): void {
    if (from !== null) {
      const balance = (balances.get(from) ?? 0) - amount;
      balances.set(from, balance);
      if (balance < 0 && !overdraws) faults.push(`${from} went to ${balance} at position ${position}`);
    }
    if (to !== null) balances.set(to, (balances.get(to) ?? 0) + amount);
  }

  const { checkDay, checkTickets } = createDayChecks(shares, faults);

  return {
    see(event, author) {
      shares.see(event, author);
      if (!author.isOwn) return;
      if (isDayEvent(event)) {
        const { parkId, date } = event.data;
        const quota = isOf<DayQuotaChanged>(event, 'DayQuotaChanged') ? event.data.toQuota : event.data.quota;
        quotas.set(`${parkId} on ${date}`, { parkId, date, quota });
      }
      for (const transfer of transfersOf(event)) apply(transfer, event.meta.position);
    },
    async findings(session) {
      const stored = new Map<string, number>();
      const rows = await session.rows<{ account: string; balance: number }>(COUNTERS);
      for (const { account, balance } of rows) stored.set(account, balance);
      for (const account of new Set([...stored.keys(), ...balances.keys()])) {
        const [kept, folded] = [stored.get(account) ?? 0, balances.get(account) ?? 0];
        if (kept !== folded) faults.push(`counter ${account} is ${kept}, by the log it is ${folded}`);
      }
      const sums: Sums = { free: 0, held: 0, sold: 0, granted: 0, written_off: 0, deficit: 0, quota: 0 };
      const tickets = new Map<string, Held>();
      const parks = new Map<string, Held>();
      for (const row of await session.rows<Places>(PLACES)) {
        (row.isOwn ? tickets : parks).set(`${row.parkId} on ${row.date}`, row);
      }
      const balance = ({ parkId, date }: Pick<Places, 'parkId' | 'date'>, bucket: Bucket): number =>
        stored.get(capacityAccount(parkId, date, bucket)) ?? 0;
      for (const [name, one] of quotas) {
        const [free, held, sold] = [balance(one, 'free'), balance(one, 'held'), balance(one, 'sold')];
        const [granted, lost] = [balance(one, 'granted'), balance(one, 'written_off')];
        const places = { free, held, sold, granted, written_off: lost };
        const ofDay = checkDay(name, one, places, tickets.get(name) ?? NOTHING);
        for (const key of Object.keys(sums) as (keyof Sums)[]) sums[key] += ofDay[key];
        checkTickets(`${name} at its park`, parks.get(name) ?? NOTHING, shares.of(name));
        tickets.delete(name);
      }
      // A park sells of days that headquarters opened.
      const atPark = [...tickets.keys()].filter((name) => shares.isGranted(name));
      for (const name of atPark) tickets.delete(name);
      faults.push(...[...tickets.keys()].map((name) => `${name}: there are tickets of a day that was never opened`));
      const text = `${count(quotas.size, 'day')} on sale: ${sumText(sums)}`;
      return [findingOf('rule 1', text, [...faults, ...shares.faults()])];
    },
  };
}

const NOTHING = { held: 0, sold: 0 };
