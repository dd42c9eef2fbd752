import type { StoredEvent } from '../../kernel/event-store.ts';
import { createBatcher } from '../postgres/batcher.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';

export type Lease = { readonly fence: number; readonly position: number };

/**
 * Checkpoints, leases and parked events of subscriptions. What carries a fence does nothing and answers false when the
 * lease went to somebody else.
 */
export type SubscriptionTable = {
  /** Takes the lease when nobody else holds it; null otherwise. Every take raises the fence. */
  acquire(name: string, leaseMs: number): Promise<Lease | null>;
  /** Moves the checkpoint forward and renews the lease. */
  checkpoint(name: string, fence: number, position: number, leaseMs: number): Promise<boolean>;
  release(name: string, fence: number): Promise<void>;
  /** Puts an event aside. @param attempts how often it was handled in vain; 0 when it only waits behind another. */
  park(name: string, fence: number, event: StoredEvent, error: string, attempts: number): Promise<boolean>;
  /** Those of the events that are in the log, by their positions. */
  inLog(events: readonly Pick<StoredEvent, 'id' | 'position'>[]): Promise<ReadonlySet<number>>;
  /** Aggregates with unresolved parked events, and whether another try was asked for. */
  parked(name: string): Promise<ReadonlyMap<string, boolean>>;
  /** Positions of an aggregate's unresolved parked events, rising. */
  parkedPositions(name: string, aggregateId: string): Promise<readonly number[]>;
  /** Closes a parked event that was handled at last. */
  resolve(name: string, fence: number, position: number): Promise<boolean>;
  /** The retry of an aggregate ended, at the latest with its last event. */
  endRetry(name: string, fence: number, aggregateId: string): Promise<void>;
};

const DECLARE = statement(
  'store.declare-subscription',
  'insert into store.subscription (name) values ($1) on conflict do nothing',
);

const ACQUIRE = statement(
  'store.acquire-lease',
  `update store.subscription set owner = $2, fence = fence + 1, leased_until = clock_timestamp() + $3 * interval '1 ms'
   where name = $1 and (leased_until < clock_timestamp() or owner = $2) returning fence, position`,
);

const CHECKPOINT = statement(
  'store.checkpoint',
  `update store.subscription
   set position = greatest(position, $4), leased_until = clock_timestamp() + $5 * interval '1 ms'
   where name = $1 and owner = $2 and fence = $3 returning fence`,
);

const RELEASE = statement(
  'store.release-lease',
  `update store.subscription set leased_until = '-infinity', owner = null where name = $1 and owner = $2 and fence = $3`,
);

const PARK = statement(
  'store.park-event',
  `insert into store.parked_event (subscription, position, aggregate_id, error, attempts)
   select s.name, $4, $5, $6, $7 from store.subscription s where s.name = $1 and s.owner = $2 and s.fence = $3
   for share
   on conflict (subscription, position) do update set
     error = case when excluded.attempts > 0 or parked_event.resolved_at is not null then excluded.error else parked_event.error end,
     attempts = parked_event.attempts + excluded.attempts,
     retry_wanted = parked_event.retry_wanted and excluded.attempts = 0 and parked_event.resolved_at is null, resolved_at = null
   returning position`,
);

const IN_LOG = statement(
  'store.in-log',
  `select e.position from unnest($1::bigint[], $2::uuid[]) told(position, id)
   join store.event e on e.position = told.position and e.id = told.id`,
);

const PARKED = statement(
  'store.parked-aggregates',
  `select subscription, aggregate_id as id, bool_or(retry_wanted) as wanted from store.parked_event
   where subscription = any($1) and resolved_at is null group by subscription, aggregate_id`,
);

type ParkedRow = { readonly subscription: string; readonly id: string; readonly wanted: boolean };

/** Asks for all who look at the same time together: every flow looks whenever an event is stored, and hardly anything is ever parked. */
const createParkedLookup = (database: Database) =>
  createBatcher<string, ReadonlyMap<string, boolean>>({
    maxItems: 128,
    maxQueued: 10_000,
    async run(names) {
      const rows = await database.rows<ParkedRow>(PARKED, [[...new Set(names)]]);
      return names.map(
        (name) => new Map(rows.filter((row) => row.subscription === name).map(({ id, wanted }) => [id, wanted])),
      );
    },
  });

const POSITIONS = statement(
  'store.parked-positions',
  `select position from store.parked_event where subscription = $1 and aggregate_id = $2 and resolved_at is null
   order by position`,
);

const RESOLVE = statement(
  'store.resolve-parked',
  `update store.parked_event p set resolved_at = now(), retry_wanted = false from store.subscription s
   where s.name = $1 and s.owner = $2 and s.fence = $3 and p.subscription = $1 and p.position = $4 returning p.position`,
);

const END_RETRY = statement(
  'store.end-retry',
  `update store.parked_event p set retry_wanted = false from store.subscription s
   where s.name = $1 and s.owner = $2 and s.fence = $3 and p.subscription = $1 and p.aggregate_id = $4
     and p.resolved_at is null`,
);

const MAX_ERROR_LENGTH = 2000;

/** An error's text as PostgreSQL can keep it. */
const storable = (error: string): string =>
  error
    .slice(0, MAX_ERROR_LENGTH)
    .replaceAll('\0', '')
    .replaceAll(/\p{Surrogate}/gu, '');

/** @param owner names this process, unique among all that share the database. */
export function createSubscriptionTable(database: Database, owner: string): SubscriptionTable {
  const lookup = createParkedLookup(database);
  return {
    async acquire(name, leaseMs) {
      await database.rows(DECLARE, [name]);
      const [row] = await database.rows<Lease>(ACQUIRE, [name, owner, leaseMs]);
      return row ?? null;
    },
    async checkpoint(name, fence, position, leaseMs) {
      return (await database.rows(CHECKPOINT, [name, owner, fence, position, leaseMs])).length === 1;
    },
    async release(name, fence) {
      await database.rows(RELEASE, [name, owner, fence]);
    },
    async park(name, fence, event, error, attempts) {
      const values = [name, owner, fence, event.position, event.streamId, storable(error), attempts];
      return (await database.rows(PARK, values)).length === 1;
    },
    async inLog(events) {
      const values = [events.map(({ position }) => position), events.map(({ id }) => id)];
      const rows = await database.rows<{ position: number }>(IN_LOG, values);
      return new Set(rows.map(({ position }) => position));
    },
    parked: (name) => lookup.submit(name),
    async parkedPositions(name, aggregateId) {
      const rows = await database.rows<{ position: number }>(POSITIONS, [name, aggregateId]);
      return rows.map(({ position }) => position);
    },
    async resolve(name, fence, position) {
      return (await database.rows(RESOLVE, [name, owner, fence, position])).length === 1;
    },
    async endRetry(name, fence, aggregateId) {
      await database.rows(END_RETRY, [name, owner, fence, aggregateId]);
    },
  };
}
