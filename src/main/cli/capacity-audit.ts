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
import {
  promoAllowance,
  promoCode,
  type PromoAllowanceGranted,
  type PromoEvent,
} from '../../modules/booking/domain/promo-code.ts';
import { ticket } from '../../modules/booking/domain/ticket.ts';
import type { TicketEvent } from '../../modules/booking/domain/ticket-messages.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

const COUNTERS = statement(
  'check.counters',
  "select account, balance from store.counter where account not like 'entry/%'",
);

const PLACES = statement(
  'check.places',
  `select park_id as "parkId", date, sum(held)::integer as held, sum(sold)::integer as sold from (
     select park_id, visit_date as date, case when status = 'pending_payment' then places else 0 end as held, sold_places as sold
     from booking.tickets
     union all
     select park_id, move_to, places, 0 from booking.tickets where move_to is not null
   ) places group by 1, 2`,
);

type Places = { readonly parkId: string; readonly date: string; readonly held: number; readonly sold: number };

const isDayEvent = (event: Recorded): event is Recorded<DayEvent> => event.meta.aggregateType === day.aggregateType;

const isTicketEvent = (event: Recorded): event is Recorded<TicketEvent> =>
  event.meta.aggregateType === ticket.aggregateType;

const isPromoEvent = (event: Recorded): event is Recorded<PromoEvent> =>
  event.meta.aggregateType === promoCode.aggregateType;

function transfersOf(event: Recorded): readonly Transfer[] {
  if (isDayEvent(event)) return day.transfersOf?.(event) ?? [];
  if (isTicketEvent(event)) return ticket.transfersOf?.(event) ?? [];
  if (isPromoEvent(event)) return promoCode.transfersOf?.(event) ?? [];
  return isOf<PromoAllowanceGranted>(event, 'PromoAllowanceGranted') ? (promoAllowance.transfersOf?.(event) ?? []) : [];
}

/**
 * Rule 1, never oversold: counters folded from the log are those the store keeps, never went below zero but by a lowered
 * quota, add up to each day's quota, and hold as many places as the tickets say.
 */
export function createCapacityAudit(): Audit {
  const balances = new Map<string, number>();
  const quotas = new Map<string, { readonly parkId: string; readonly date: string; readonly quota: number }>();
  const faults: string[] = [];

  function apply({ from, to, amount, overdraws = false }: Transfer, position: number): void {
    if (from !== null) {
      const balance = (balances.get(from) ?? 0) - amount;
      balances.set(from, balance);
      if (balance < 0 && !overdraws) faults.push(`${from} went to ${balance} at position ${position}`);
    }
    if (to !== null) balances.set(to, (balances.get(to) ?? 0) + amount);
  }

  return {
    see(event) {
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
      const sums = { free: 0, held: 0, sold: 0, deficit: 0, quota: 0 };
      const tickets = new Map<string, Places>();
      for (const row of await session.rows<Places>(PLACES)) tickets.set(`${row.parkId} on ${row.date}`, row);
      for (const [name, { parkId, date, quota }] of quotas) {
        const balance = (bucket: 'free' | 'held' | 'sold'): number =>
          stored.get(capacityAccount(parkId, date, bucket)) ?? 0;
        const { free, deficit } = freeAndDeficit(balance('free'));
        const [held, sold] = [balance('held'), balance('sold')];
        if (free + held + sold !== quota + deficit)
          faults.push(`${name}: ${free} free + ${held} held + ${sold} sold is not ${quota} + ${deficit} deficit`);
        const said = tickets.get(name) ?? { held: 0, sold: 0 };
        if (said.held !== held || said.sold !== sold) {
          faults.push(`${name}: tickets hold ${said.held} and sold ${said.sold}, counters ${held} and ${sold}`);
        }
        tickets.delete(name);
        sums.free += free;
        sums.held += held;
        sums.sold += sold;
        sums.deficit += deficit;
        sums.quota += quota;
      }
      faults.push(...[...tickets.keys()].map((name) => `${name}: there are tickets of a day that was never opened`));
      const { free, held, sold, deficit, quota } = sums;
      const lacking = deficit === 0 ? '' : ` + ${deficit} deficit`;
      const text = `${count(quotas.size, 'day')} on sale: ${free} free + ${held} held + ${sold} sold = ${count(quota, 'place')}${lacking}`;
      return [findingOf('rule 1', text, faults)];
    },
  };
}
