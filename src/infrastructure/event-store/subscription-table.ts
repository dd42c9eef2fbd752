import type { StoredEvent } from '../../kernel/event-store.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';

export type Lease = { readonly fence: number; readonly position: number };

/** Checkpoints, leases and parked events of subscriptions. */
export type SubscriptionTable = {
  /** Takes the lease when nobody else holds it; null otherwise. Every take raises the fence. */
  acquire(name: string, leaseMs: number): Promise<Lease | null>;
  /** Moves the checkpoint and renews the lease; false when the lease went to somebody else. */
  checkpoint(name: string, fence: number, position: number, leaseMs: number): Promise<boolean>;
  release(name: string, fence: number): Promise<void>;
  park(name: string, event: StoredEvent, error: string, attempts: number): Promise<void>;
  /** Aggregates with an unresolved parked event. */
  parkedAggregates(name: string): Promise<Set<string>>;
};

const DECLARE = statement('store.declare-subscription', 'insert into store.subscription (name) values ($1) on conflict do nothing');

const ACQUIRE = statement(
  'store.acquire-lease',
  `update store.subscription set owner = $2, fence = fence + 1, leased_until = clock_timestamp() + $3 * interval '1 ms'
   where name = $1 and leased_until < clock_timestamp() returning fence, position`,
);

const CHECKPOINT = statement(
  'store.checkpoint',
  `update store.subscription set position = $4, leased_until = clock_timestamp() + $5 * interval '1 ms'
   where name = $1 and owner = $2 and fence = $3 returning fence`,
);

const RELEASE = statement(
  'store.release-lease',
  `update store.subscription set leased_until = '-infinity', owner = null where name = $1 and owner = $2 and fence = $3`,
);

const PARK = statement(
  'store.park-event',
  `insert into store.parked_event (subscription, position, aggregate_id, error, attempts) values ($1, $2, $3, $4, $5)
   on conflict (subscription, position) do update set error = excluded.error, attempts = parked_event.attempts + excluded.attempts,
     resolved_at = null`,
);

const PARKED = statement(
  'store.parked-aggregates',
  'select distinct aggregate_id as id from store.parked_event where subscription = $1 and resolved_at is null',
);

const MAX_ERROR_LENGTH = 2000;

/** @param owner names this process, unique among all that share the database. */
export function createSubscriptionTable(database: Database, owner: string): SubscriptionTable {
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
    async park(name, event, error, attempts) {
      const reason = error.slice(0, MAX_ERROR_LENGTH);
      await database.rows(PARK, [name, event.position, event.streamId, reason, attempts]);
    },
    async parkedAggregates(name) {
      return new Set((await database.rows<{ id: string }>(PARKED, [name])).map(({ id }) => id));
    },
  };
}
