import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { ChildInput } from '../application/plan-visit.ts';
import type { Waitlist, WaitlistStatus, WaitlistView } from '../application/waitlist.ts';

export const waitlistProjection: Projection = {
  name: 'booking.waitlist',
  schema: 'booking',
  tables: ['waitlist'],
  eventTypes: ['WaitlistJoined', 'WaitlistOffered', 'WaitlistLeft'],
  functionName: 'booking.project_waitlist',
};

/** The first parameter is today: who still waits for a day that is past waits in vain. */
const VIEW = `w.id, w.user_id, w.park_id, w.visit_date, w.places, w.ticket_id, w.offered_until, w.joined_at,
  case
    when w.status = 'waiting' and w.visit_date < $1 then 'over'
    when w.status <> 'offered' then w.status
    when t.status = 'pending_payment' then 'offered'
    when t.status in ('active', 'used') then 'fulfilled'
    else 'missed'
  end as status,
  case when w.status = 'waiting' then (
    select count(*)::integer from booking.waitlist other
    where other.park_id = w.park_id and other.visit_date = w.visit_date and other.status = 'waiting' and other.turn < w.turn
  ) else 0 end as ahead
  from booking.waitlist w left join booking.tickets t on t.id = w.ticket_id`;

const BY_ID = statement('booking.waitlist-entry', `select ${VIEW} where w.id = $2`);
const OF_USER = statement(
  'booking.waitlist-of-user',
  `select ${VIEW} where w.user_id = $2 and ($3::uuid is null or w.id < $3) order by w.id desc limit $4`,
);
const HELD_OF = statement(
  'booking.waitlist-held-of-user',
  `select w.adults, w.children, ${VIEW} where w.user_id = $2 and ($3::uuid is null or w.id < $3) order by w.id desc limit $4`,
);
const WAITING_OF = statement(
  'booking.waiting-of-user',
  `select count(*)::integer as waiting from booking.waitlist
   where user_id = $2 and status = 'waiting' and visit_date >= $1`,
);
const QUEUED = statement(
  'booking.queued-days',
  `select park_id, visit_date, min(places)::integer as smallest from booking.waitlist
   where status = 'waiting' and visit_date >= $1 group by park_id, visit_date order by visit_date, park_id`,
);
const WAITING_FOR = statement(
  'booking.waiting-for-day',
  `select id, places from booking.waitlist
   where status = 'waiting' and park_id = $1 and visit_date = $2 and places <= $3 order by turn limit $4`,
);
const REQUEST = statement(
  'booking.waitlist-request',
  `select user_id, park_id, visit_date, adults, children from booking.waitlist where id = $1 and status = 'waiting'`,
);

type Row = {
  readonly id: string;
  readonly user_id: string;
  readonly park_id: string;
  readonly visit_date: string;
  readonly places: number;
  readonly ticket_id: string | null;
  readonly offered_until: number | null;
  readonly joined_at: number;
  readonly status: WaitlistStatus;
  readonly ahead: number;
};

/** A child as it is stored; all but the id is sealed. */
type SealedChild = {
  readonly childId: string | null;
  readonly name: string | null;
  readonly age: string | null;
  readonly birthDate: string | null;
};
type RequestRow = {
  readonly user_id: string;
  readonly park_id: string;
  readonly visit_date: string;
  readonly adults: number;
  readonly children: readonly SealedChild[];
};

const toView = (row: Row): WaitlistView => ({
  entryId: row.id,
  userId: row.user_id,
  parkId: row.park_id,
  visitDate: row.visit_date,
  places: row.places,
  status: row.status,
  ahead: row.ahead,
  ticketId: row.ticket_id,
  offeredUntilMs: row.offered_until,
  joinedAtMs: row.joined_at,
});

export function createWaitlist(database: Database, vault: Vault): Waitlist {
  async function open<Value>(sealed: string | null): Promise<Value | null> {
    const text = sealed === null ? null : await vault.open(sealed);
    return text === null ? null : (JSON.parse(text) as Value);
  }

  /** Null once the guest was erased. */
  async function openChild({ childId, name, age, birthDate }: SealedChild): Promise<ChildInput | null> {
    if (childId !== null) return { childId };
    const opened = await open<string>(name);
    const [openAge, openBirth] = [await open<number>(age), await open<string>(birthDate)];
    if (opened === null) return null;
    if (openBirth !== null) return { name: opened, birthDate: openBirth };
    return openAge === null ? null : { name: opened, age: openAge };
  }

  return {
    async find(entryId, today) {
      const [row] = await database.rows<Row>(BY_ID, [today, entryId]);
      return row === undefined ? null : toView(row);
    },
    async ofUser(userId, today, before, limit) {
      return (await database.rows<Row>(OF_USER, [today, userId, before, limit])).map(toView);
    },
    async heldOf(userId, today, before, limit) {
      const rows = await database.rows<Row & Pick<RequestRow, 'adults' | 'children'>>(HELD_OF, [
        today,
        userId,
        before,
        limit,
      ]);
      const held = rows.map(async (row) => ({
        ...toView(row),
        adults: row.adults,
        children: await Promise.all(row.children.map(openChild)),
      }));
      return Promise.all(held);
    },
    async waitingOf(userId, today) {
      const [row] = await database.rows<{ waiting: number }>(WAITING_OF, [today, userId]);
      return row?.waiting ?? 0;
    },
    async queuedDays(today) {
      const rows = await database.rows<{ park_id: string; visit_date: string; smallest: number }>(QUEUED, [today]);
      return rows.map(({ park_id: parkId, visit_date: visitDate, smallest: smallestParty }) => {
        return { parkId, visitDate, smallestParty };
      });
    },
    async waitingFor(parkId, date, mostPlaces, limit) {
      const rows = await database.rows<{ id: string; places: number }>(WAITING_FOR, [parkId, date, mostPlaces, limit]);
      return rows.map(({ id: entryId, places }) => ({ entryId, places }));
    },
    async requestOf(entryId) {
      const [row] = await database.rows<RequestRow>(REQUEST, [entryId]);
      if (row === undefined) return null;
      const children = await Promise.all(row.children.map(openChild));
      const known = children.filter((child) => child !== null);
      if (known.length < children.length) return null;
      const { user_id: userId, park_id: parkId, visit_date: visitDate, adults } = row;
      return { userId, parkId, visitDate, adults, children: known, ticketType: undefined };
    },
  };
}
