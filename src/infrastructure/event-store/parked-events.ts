import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { WAKEUP_CHANNEL } from './wakeups.ts';

/** An event that a subscription could not handle and that nobody has settled yet. */
export type ParkedEvent = {
  readonly subscription: string;
  readonly position: number;
  readonly aggregateId: string;
  readonly error: string;
  /** How often it was handled in vain; 0 when it waits behind an earlier event of its aggregate. */
  readonly attempts: number;
  readonly parkedAtMs: number;
  readonly retryWanted: boolean;
};

/** What one subscription could not handle. */
export type ParkedCount = {
  readonly subscription: string;
  readonly events: number;
  /** When the oldest of them was parked, in ms since 1970. */
  readonly sinceMs: number;
};

/** What an operator does with parked events. */
export type ParkedEvents = {
  /** Unresolved ones, oldest first. */
  list(subscription?: string): Promise<readonly ParkedEvent[]>;
  /** How many there are of each subscription that has any. */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** The same for whoever looks on from outside, by name. */
  overview(): Promise<readonly ParkedCount[]>;
  /**
   * Asks for another try of this event and all that wait behind it. Whoever reads for the subscription makes it, in order,
   * and stops at the first that fails again. False when no such event is parked.
   */
  retry(subscription: string, position: number): Promise<boolean>;
  /** Gives an event up and asks for a try of those behind it. False when no such event is parked. */
  skip(subscription: string, position: number): Promise<boolean>;
};

const LIST = statement(
  'store.list-parked',
  `select subscription, position, aggregate_id as "aggregateId", error, attempts, parked_at as "parkedAtMs",
     retry_wanted as "retryWanted"
   from store.parked_event where resolved_at is null and ($1::text is null or subscription = $1)
   order by subscription, position limit 1000`,
);

const COUNTS = statement(
  'store.count-parked',
  `select coalesce(json_object_agg(subscription, parked), '{}') as counts from (
     select subscription, count(*) as parked from store.parked_event where resolved_at is null group by subscription
   ) c`,
);

const OVERVIEW = statement(
  'store.parked-overview',
  `select subscription, count(*) as events, store.to_ms(min(parked_at)) as "sinceMs"
   from store.parked_event where resolved_at is null group by subscription order by subscription`,
);

const RETRY = statement(
  'store.retry-parked',
  `with wanted as (
     update store.parked_event p set retry_wanted = true from store.parked_event chosen
     where chosen.subscription = $1 and chosen.position = $2 and chosen.resolved_at is null
       and p.subscription = $1 and p.aggregate_id = chosen.aggregate_id and p.resolved_at is null
     returning p.position
   )
   select position, pg_notify('${WAKEUP_CHANNEL}', '') from wanted`,
);

const SKIP = statement(
  'store.skip-parked',
  `with skipped as (
     update store.parked_event set resolved_at = now(), retry_wanted = false
     where subscription = $1 and position = $2 and resolved_at is null returning aggregate_id
   ), wanted as (
     update store.parked_event p set retry_wanted = true from skipped
     where p.subscription = $1 and p.position <> $2 and p.aggregate_id = skipped.aggregate_id and p.resolved_at is null
   )
   select aggregate_id, pg_notify('${WAKEUP_CHANNEL}', '') from skipped`,
);

export const createParkedEvents = (database: Database): ParkedEvents => ({
  list: (subscription) => database.rows<ParkedEvent>(LIST, [subscription ?? null]),
  async counts() {
    const [row] = await database.rows<{ counts: Record<string, number> }>(COUNTS, []);
    return row?.counts ?? {};
  },
  overview: () => database.rows<ParkedCount>(OVERVIEW, []),
  retry: async (subscription, position) => (await database.rows(RETRY, [subscription, position])).length > 0,
  skip: async (subscription, position) => (await database.rows(SKIP, [subscription, position])).length > 0,
});
