import type { Transfer } from '../../kernel/decider.ts';
import type { Recorded } from '../../kernel/event-codec.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { AdmissionEvent } from '../../modules/admission/domain/admission-messages.ts';
import { admission } from '../../modules/admission/domain/admission.ts';
import {
  entryAccount,
  entryLimit,
  type EntryLimitSet,
  type GateDay,
  type GateDayInherited,
} from '../../modules/admission/domain/entry-limit.ts';
import { count, findingOf, isOf, type Audit, type Author } from './finding.ts';

const COUNTERS = statement(
  'check.entry-counters',
  "select account, balance from store.counter where account like 'entry/%'",
);

const PEOPLE = statement(
  'check.people-inside',
  `select park_id as "parkId", visit_date as "visitDate", sum(inside)::integer as people
   from admission.admissions group by 1, 2`,
);

type People = GateDay & { readonly people: number };

const isAdmissionEvent = (event: Recorded): event is Recorded<AdmissionEvent> =>
  event.meta.aggregateType === admission.aggregateType;

/**
 * Gates: counters of people folded from the log are those the store keeps, room and people inside add up to each day's limit,
 * nobody came in without room but over the limit by decision, and as many are inside as the tickets say.
 */
export function createEntryAudit(): Audit {
  const balances = new Map<string, number>();
  const limits = new Map<string, People>();
  // People who came in before they were counted; they are inside and no counter knows of them.
  const uncounted = new Map<string, number>();
  const faults: string[] = [];

  const nameOf = ({ parkId, visitDate }: GateDay): string => `${parkId} on ${visitDate}`;

  function move(event: Recorded, transfers: readonly Transfer[] = []): void {
    for (const { from, to, amount, overdraws = false } of transfers) {
      if (to !== null) balances.set(to, (balances.get(to) ?? 0) + amount);
      if (from === null) continue;
      const balance = (balances.get(from) ?? 0) - amount;
      balances.set(from, balance);
      if (balance < 0 && !overdraws) faults.push(`${from} went to ${balance} at position ${event.meta.position}`);
    }
  }

  // Of other nodes, whose counters are theirs.
  const elsewhere = new Set<string>();

  function see(event: Recorded, { isOwn }: Author): void {
    if (!isOwn) {
      if (isAdmissionEvent(event)) elsewhere.add(nameOf(event.data));
      return;
    }
    if (isOf<EntryLimitSet>(event, 'EntryLimitSet')) {
      limits.set(nameOf(event.data), { ...event.data, people: event.data.toPeople });
      move(event, entryLimit.transfersOf?.(event));
    } else if (isOf<GateDayInherited>(event, 'GateDayInherited')) {
      move(event, entryLimit.transfersOf?.(event));
      const [room, inside] = [entryAccount(event.data, 'room'), entryAccount(event.data, 'inside')];
      limits.set(nameOf(event.data), {
        ...event.data,
        people: (balances.get(room) ?? 0) + (balances.get(inside) ?? 0),
      });
    } else if (isAdmissionEvent(event)) {
      move(event, admission.transfersOf?.(event));
      if (event.type !== 'PeopleAdmitted' && event.type !== 'PeopleExited') return;
      const name = nameOf(event.data);
      const people = (event.data.people - event.data.counted) * (event.type === 'PeopleAdmitted' ? 1 : -1);
      uncounted.set(name, (uncounted.get(name) ?? 0) + people);
    }
  }

  return {
    see,
    async findings(session) {
      const rows = await session.rows<{ account: string; balance: number }>(COUNTERS);
      const stored = new Map(rows.map(({ account, balance }) => [account, balance]));
      for (const account of new Set([...stored.keys(), ...balances.keys()])) {
        const [kept, folded] = [stored.get(account) ?? 0, balances.get(account) ?? 0];
        if (kept !== folded) faults.push(`counter ${account} is ${kept}, by the log it is ${folded}`);
      }
      for (const [name, limit] of limits) {
        const [room, inside] = [
          stored.get(entryAccount(limit, 'room')) ?? 0,
          stored.get(entryAccount(limit, 'inside')) ?? 0,
        ];
        if (room + inside !== limit.people)
          faults.push(`${name}: ${room} room + ${inside} inside is not ${limit.people}`);
      }
      let total = 0;
      for (const day of await session.rows<People>(PEOPLE)) {
        const counted = stored.get(entryAccount(day, 'inside')) ?? 0;
        const others = uncounted.get(nameOf(day)) ?? 0;
        total += day.people;
        if (!elsewhere.has(nameOf(day)) && day.people !== counted + others) {
          faults.push(`${nameOf(day)}: tickets have ${day.people} people inside, the counters ${counted + others}`);
        }
      }
      const text = `${count(limits.size, 'day')} at the gates: ${count(total, 'person', 'people')} came in and did not go out`;
      return [findingOf('gates', text, faults)];
    },
  };
}
