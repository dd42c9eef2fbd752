import type { Transfer } from '../../kernel/decider.ts';
import type { Recorded } from '../../kernel/event-codec.ts';
import { statement, type Session } from '../../infrastructure/postgres/session.ts';
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

/** Days on which people of one ticket came in or went out: it moved while somebody was inside. */
const SAME_TICKETS = statement(
  'check.days-of-the-same-tickets',
  `select distinct event_data ->> 'parkId' as "parkId", array_agg(distinct event_data ->> 'visitDate') as dates from store.event
   where event_type in ('PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess')
   group by event_data ->> 'ticketId', 1 having count(distinct event_data ->> 'visitDate') > 1`,
);

type People = GateDay & { readonly people: number };

const nameOf = ({ parkId, visitDate }: GateDay): string => `${parkId} on ${visitDate}`;

const countersOf = (day: GateDay, balances: ReadonlyMap<string, number>) => ({
  room: balances.get(entryAccount(day, 'room')) ?? 0,
  inside: balances.get(entryAccount(day, 'inside')) ?? 0,
});

/** Days that are compared together, since a row of a ticket counts all its people on the newest of its days, and the counters do not. */
async function daysTogether(session: Session, days: readonly GateDay[]): Promise<ReadonlySet<readonly GateDay[]>> {
  const groups = new Map(days.map((day) => [nameOf(day), [day] as readonly GateDay[]]));
  for (const { parkId, dates } of await session.rows<{ parkId: string; dates: readonly string[] }>(SAME_TICKETS)) {
    const joined = dates.flatMap((visitDate) => {
      const day = { parkId, visitDate };
      return groups.get(nameOf(day)) ?? [day];
    });
    const group = [...new Map(joined.map((day) => [nameOf(day), day])).values()];
    for (const day of group) groups.set(nameOf(day), group);
  }
  return new Set(groups.values());
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

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
      const { room, inside } = countersOf(event.data, balances);
      limits.set(nameOf(event.data), { ...event.data, people: room + inside });
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
        const { room, inside } = countersOf(limit, stored);
        if (room + inside !== limit.people)
          faults.push(`${name}: ${room} room + ${inside} inside is not ${limit.people}`);
      }
      const rowsOfDays = await session.rows<People>(PEOPLE);
      const inside = new Map(rowsOfDays.map((day) => [nameOf(day), day.people]));
      for (const days of await daysTogether(session, rowsOfDays)) {
        const names = days.map(nameOf);
        const people = sum(names.map((name) => inside.get(name) ?? 0));
        const counted = sum([
          ...days.map((day) => countersOf(day, stored).inside),
          ...names.map((name) => uncounted.get(name) ?? 0),
        ]);
        if (!names.some((name) => elsewhere.has(name)) && people !== counted)
          faults.push(`${names.join(' and ')}: tickets have ${people} people inside, the counters ${counted}`);
      }
      const text = `${count(limits.size, 'day')} at the gates: ${count(sum([...inside.values()]), 'person', 'people')} came in and did not go out`;
      return [findingOf('gates', text, faults)];
    },
  };
}
