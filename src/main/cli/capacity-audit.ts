import type { Transfer } from '../../kernel/decider.ts';
import type { Recorded } from '../../kernel/event-codec.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { capacityAccount, day, type DayOpened } from '../../modules/booking/domain/capacity.ts';
import { ticket, type TicketEvent } from '../../modules/booking/domain/ticket.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

const COUNTERS = statement('check.counters', 'select account, balance from store.counter');

const PLACES = statement(
  'check.places',
  `select park_id as "parkId", visit_date as date,
     coalesce(sum(places) filter (where status = 'pending_payment'), 0)::integer as held,
     coalesce(sum(places) filter (where status in ('active', 'used')), 0)::integer as sold
   from booking.tickets group by 1, 2`,
);

type Places = { readonly parkId: string; readonly date: string; readonly held: number; readonly sold: number };

const isTicketEvent = (event: Recorded): event is Recorded<TicketEvent> =>
  event.meta.aggregateType === ticket.aggregateType;

function transfersOf(event: Recorded): readonly Transfer[] {
  if (isOf<DayOpened>(event, 'DayOpened')) return day.transfersOf?.(event) ?? [];
  return isTicketEvent(event) ? (ticket.transfersOf?.(event) ?? []) : [];
}

/**
 * Rule 1, never oversold: counters folded from the log are those the store keeps, never went below zero, add up to each
 * day's quota, and hold as many places as the tickets say.
 */
export function createCapacityAudit(): Audit {
  const balances = new Map<string, number>();
  const quotas: DayOpened['data'][] = [];
  const faults: string[] = [];

  function move(account: string | null, amount: number, position: number): void {
    if (account === null) return;
    const balance = (balances.get(account) ?? 0) + amount;
    balances.set(account, balance);
    if (balance < 0) faults.push(`${account} went to ${balance} at position ${position}`);
  }

  return {
    see(event) {
      if (isOf<DayOpened>(event, 'DayOpened')) quotas.push(event.data);
      for (const { from, to, amount } of transfersOf(event)) {
        move(from, -amount, event.meta.position);
        move(to, amount, event.meta.position);
      }
    },
    async findings(session) {
      const stored = new Map<string, number>();
      const rows = await session.rows<{ account: string; balance: number }>(COUNTERS);
      for (const { account, balance } of rows) stored.set(account, balance);
      for (const account of new Set([...stored.keys(), ...balances.keys()])) {
        const [kept, folded] = [stored.get(account) ?? 0, balances.get(account) ?? 0];
        if (kept !== folded) faults.push(`counter ${account} is ${kept}, by the log it is ${folded}`);
      }
      const sums = { free: 0, held: 0, sold: 0, quota: 0 };
      const tickets = new Map<string, Places>();
      for (const row of await session.rows<Places>(PLACES)) tickets.set(`${row.parkId} on ${row.date}`, row);
      for (const { parkId, date, quota } of quotas) {
        const name = `${parkId} on ${date}`;
        const balance = (bucket: 'free' | 'held' | 'sold'): number =>
          stored.get(capacityAccount(parkId, date, bucket)) ?? 0;
        const [free, held, sold] = [balance('free'), balance('held'), balance('sold')];
        if (free + held + sold !== quota)
          faults.push(`${name}: ${free} free + ${held} held + ${sold} sold is not ${quota}`);
        const said = tickets.get(name) ?? { held: 0, sold: 0 };
        if (said.held !== held || said.sold !== sold) {
          faults.push(`${name}: tickets hold ${said.held} and sold ${said.sold}, counters ${held} and ${sold}`);
        }
        tickets.delete(name);
        sums.free += free;
        sums.held += held;
        sums.sold += sold;
        sums.quota += quota;
      }
      faults.push(...[...tickets.keys()].map((name) => `${name}: there are tickets of a day that was never opened`));
      const { free, held, sold, quota } = sums;
      const text = `${count(quotas.length, 'day')} on sale: ${free} free + ${held} held + ${sold} sold = ${count(quota, 'place')}`;
      return [findingOf('rule 1', text, faults)];
    },
  };
}
