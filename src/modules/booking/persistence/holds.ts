import type { EventStore } from '../../../kernel/event-store.ts';
import type { NodeRole } from '../../../kernel/node-role.ts';
import type { Clock } from '../../../kernel/time.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { UnusedTickets } from '../application/end-days.ts';
import type { OwnHolds, SharesLeft } from '../application/fence-shares.ts';
import type { OverdueHolds } from '../application/expire-holds.ts';
import type { AskedTickets } from '../application/open-questions.ts';
import type { MaybeForgotten } from '../application/recall-tickets.ts';
import type { UsedUnsold } from '../application/remember-sales.ts';
import type { ExpiredHolds, IsFenced, SellerOf, Writers } from '../application/ports.ts';
import { capacityAccount, freeAndDeficit } from '../domain/capacity.ts';

const EXPIRED = statement(
  'booking.expired-holds',
  `(select id, expires_at as until from booking.tickets
     where status = 'pending_payment' and park_id = $1 and visit_date = $2 and expires_at <= store.from_ms($3)
       and sold_by = $5
     order by expires_at limit $4)
   union all
   (select id, move_until as until from booking.tickets
     where move_to = $2 and park_id = $1 and move_until <= store.from_ms($3) and sold_by = $5 order by move_until limit $4)
   order by until limit $4`,
);

const OVERDUE = statement(
  'booking.overdue-holds',
  `(select id, expires_at as until from booking.tickets
     where status = 'pending_payment' and expires_at <= store.from_ms($1) and sold_by = $3 order by expires_at, id limit $2)
   union all
   (select id, move_until as until from booking.tickets
     where move_until <= store.from_ms($1) and sold_by = $3 order by move_until, id limit $2)
   order by until, id limit $2`,
);

const EXPIRED_PLACES = statement(
  'booking.expired-places',
  `select visit_date, sum(places)::integer as places from (
     select visit_date, places from booking.tickets
       where status = 'pending_payment' and park_id = $1 and visit_date = any($2::date[]) and expires_at <= store.from_ms($3)
         and sold_by = $4
     union all
     select move_to, places from booking.tickets
       where park_id = $1 and move_to = any($2::date[]) and move_until <= store.from_ms($3) and sold_by = $4
   ) overdue group by visit_date`,
);

/** Tickets of this node alone: no other writes their expiry. */
export const createExpiredHolds =
  (database: Database, nodeId: string): ExpiredHolds =>
  async (parkId, date, nowMs, limit) =>
    (await database.rows<{ id: string }>(EXPIRED, [parkId, date, nowMs, limit, nodeId])).map(({ id }) => id);

export const createOverdueHolds =
  (database: Database, nodeId: string): OverdueHolds =>
  async (nowMs, limit) =>
    (await database.rows<{ id: string }>(OVERDUE, [nowMs, limit, nodeId])).map(({ id }) => id);

const USED_UNSOLD = statement(
  'booking.used-unsold',
  `select id from booking.tickets where status = 'used' and sold_places = 0 and sold_by = $1 order by id limit $2`,
);

const OWN_HOLDS = statement(
  'booking.own-holds',
  `select id as "ticketId", park_id as "parkId", visit_date as date, places from booking.tickets
   where status = 'pending_payment' and sold_by = $1`,
);

const SHARES_LEFT = statement(
  'booking.shares-left',
  `select split_part(account, '/', 2) as "parkId", split_part(account, '/', 3) as date, balance as free
   from store.counter where account like 'capacity/%/free' and balance > 0 order by account`,
);

const MAYBE_FORGOTTEN = statement(
  'booking.maybe-forgotten',
  `select t.id as "ticketId", t.park_id as "parkId", days.date, t.sold_places::integer as places
   from booking.tickets t
   -- Until its gates have answered, a ticket takes places of the day that it has left, too.
   cross join lateral (values (t.visit_date, t.valid_until), (t.leaving, t.valid_until - (t.visit_date - t.leaving) * interval '1 day'))
     days(date, valid_until)
   where t.sold_by <> $4 and t.sold_places > 0 and days.valid_until >= store.from_ms($5)
     and exists (
       select from store.event e
       where e.aggregate_id = t.id and e.node_id = t.sold_by and e.incarnation <> $1
         and not (e.incarnation = $2 and e.seq <= $3)
     )
   order by t.park_id, days.date, t.id`,
);

type RowsOfShares = {
  readonly ownHolds: OwnHolds;
  readonly sharesLeft: SharesLeft;
  readonly maybeForgotten: MaybeForgotten;
  readonly usedUnsold: UsedUnsold;
};

/** What a node that was set back, or another's that hears of it, has to look at. */
export const createRowsOfShares = (database: Database, nodeId: string): RowsOfShares => ({
  ownHolds: () => database.rows(OWN_HOLDS, [nodeId]),
  sharesLeft: () => database.rows(SHARES_LEFT, []),
  maybeForgotten: ({ incarnation, previous }, nowMs) =>
    database.rows(MAYBE_FORGOTTEN, [incarnation, previous.incarnation, previous.seq, nodeId, nowMs]),
  usedUnsold: async (limit) => (await database.rows<{ id: string }>(USED_UNSOLD, [nodeId, limit])).map(({ id }) => id),
});

const SELLERS = statement(
  'booking.sellers',
  'select id, sold_by as "soldBy" from booking.tickets where id = any($1::uuid[])',
);

/** Sellers asked for at the same time share one statement: a closed day asks for those of all its tickets. */
export function createSellerOf(database: Pick<Database, 'rows'>): SellerOf {
  const sellers = createBatcher<string, string | null>({
    maxItems: 256,
    maxQueued: 10_000,
    async run(ticketIds) {
      const rows = await database.rows<{ id: string; soldBy: string }>(SELLERS, [[...new Set(ticketIds)]]);
      const soldBy = new Map(rows.map((row) => [row.id, row.soldBy]));
      return ticketIds.map((ticketId) => soldBy.get(ticketId) ?? null);
    },
  });
  return (ticketId) => sellers.submit(ticketId);
}

/** A ticket waits for its gates also once it was used, which a manager insists against, or its day is over. */
const ASKED = statement(
  'booking.asked-tickets',
  `select id from booking.tickets where park_id = $1 and status in ('active', 'used', 'expired') and void_status = 'requested'
   union
   select id from booking.tickets where park_id = $1 and leaving is not null order by id`,
);

export const createAskedTickets =
  (database: Database): AskedTickets =>
  async (parkId) =>
    (await database.rows<{ id: string }>(ASKED, [parkId])).map(({ id }) => id);

const COUNTED = statement(
  'booking.count-holds',
  `select count(*) filter (where expires_at > store.from_ms($1))::integer as open,
     count(*) filter (where expires_at <= store.from_ms($1))::integer as overdue
   from booking.tickets where status = 'pending_payment'`,
);

/** Tickets that nobody has paid for yet, and those of them whose hold ended and whose end nobody has written yet. */
export type CountHolds = () => Promise<{ readonly open: number; readonly overdue: number }>;

export const createCountHolds =
  (database: Database, clock: Clock): CountHolds =>
  async () => {
    const [row] = await database.rows<{ open: number; overdue: number }>(COUNTED, [clock.now()]);
    return row ?? { open: 0, overdue: 0 };
  };

export type DayPlaces = ReturnType<typeof freeAndDeficit>;

type Place = {
  readonly database: Database;
  readonly store: Pick<EventStore, 'balances'>;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly role: NodeRole;
  readonly isFenced: IsFenced;
};

/**
 * Places that this node can still sell and those that lack on each date, overdue holds counted as free; null where nothing was
 * sold yet. A park sells nothing of a day that it was granted nothing of.
 */
export function createPlacesOfDays({ database, store, clock, nodeId, role, isFenced }: Place) {
  return async (parkId: string, dates: readonly string[]): Promise<readonly (DayPlaces | null)[]> => {
    const buckets = ['free', 'held', 'sold', 'granted', 'written_off'] as const;
    const [balances, overdue, fenced] = await Promise.all([
      store.balances(dates.flatMap((date) => buckets.map((bucket) => capacityAccount(parkId, date, bucket)))),
      database.rows<{ visit_date: string; places: number }>(EXPIRED_PLACES, [parkId, dates, clock.now(), nodeId]),
      Promise.all(dates.map((date) => isFenced(parkId, date))),
    ]);
    const lapsed = new Map(overdue.map(({ visit_date, places }) => [visit_date, places]));
    return dates.map((date, index) => {
      const ofDay = balances.slice(buckets.length * index, buckets.length * (index + 1));
      const isUntouched = role === 'hq' && ofDay.every((balance) => balance === 0);
      const [free = 0] = ofDay;
      if (fenced[index] === true) return freeAndDeficit(Math.min(0, free));
      return isUntouched ? null : freeAndDeficit(free + (lapsed.get(date) ?? 0));
    });
  };
}

const UNUSED_DAYS = statement(
  'booking.unused-days',
  `select park_id as "parkId", visit_date as date from booking.tickets
   where status = 'active' and valid_until < store.from_ms($1) and sold_by = any($2) group by 1, 2 order by 2, 1`,
);

const UNUSED = statement(
  'booking.unused-tickets',
  `select id from booking.tickets where status = 'active' and valid_until < store.from_ms($1) and sold_by = any($2)
     and void_status is distinct from 'requested' and leaving is null
     and (park_id, visit_date) in (select * from unnest($3::text[], $4::date[]))
   order by valid_until, id limit $5`,
);

export const createUnusedTickets = (database: Database, writers: Writers): UnusedTickets => ({
  days: async (nowMs) => database.rows(UNUSED_DAYS, [nowMs, await writers()]),
  async of(days, nowMs, limit) {
    const [parks, dates] = [days.map(({ parkId }) => parkId), days.map(({ date }) => date)];
    const rows = await database.rows<{ id: string }>(UNUSED, [nowMs, await writers(), parks, dates, limit]);
    return rows.map(({ id }) => id);
  },
});
