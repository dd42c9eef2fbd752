import { setTimeout as sleep } from 'node:timers/promises';
import type { Backlog } from '../../kernel/backlog.ts';
import type { Clock } from '../../kernel/time.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import type { SqlValue } from '../postgres/value-types.ts';

/**
 * Where a queue is kept: a table with `id`, `attempts` (failed and other tries so far), `created_at` and `next_try_at`, which
 * is null when nothing is to be done any more. It wants an index over `receiver` and `next_try_at` where that is not null.
 */
export type QueueTable = {
  /** Schema and name; with it the statements are named too. */
  readonly table: string;
  /** The column by which no receiver may hold up the others. */
  readonly receiver: string;
  /** Further columns that a try needs. */
  readonly columns: readonly string[];
  /** Assignments that record a try, besides those of `attempts` and `next_try_at`; values count from $3. */
  readonly recorded: string;
};

export type QueuePace = {
  /** Tries under way at the same time in this process, of one receiver and of all together. */
  readonly atOnceOfOne: number;
  readonly atOnce: number;
  /** Longer than a try can take: who took something and died loses it to others after so long. */
  readonly leaseMs: number;
};

export type Due<Row> = Row & { readonly id: string; readonly attempts: number };

export type TableQueue<Row> = {
  /**
   * Tries what is due until nothing is due or under way any more, or it is told to stop; then it waits for what is under
   * way. A slow receiver takes its own turns only; one whose last try failed has one turn, and all of those together have half
   * of them. Answers how many tries it began.
   * @throws the first error of a try, once the others are done.
   */
  workOff(stopping: AbortSignal, tryOnce: (due: Due<Row>) => Promise<void>): Promise<number>;
  /** @param nextTryAtMs null when nothing is to be done any more */
  record(id: string, nextTryAtMs: number | null, values: readonly SqlValue[]): Promise<void>;
  /** Forgets what was put in before an instant; answers how many. */
  forget(beforeMs: number): Promise<number>;
  /** All that is still to be tried, whether it is due or not. */
  backlog(): Promise<Backlog>;
};

/** How often is looked for what became due while slow receivers are waited for. */
const LOOK_MS = 500;

function statementsOf({ table, receiver, columns, recorded }: QueueTable) {
  const returned = ['id', 'attempts', receiver, ...columns].map((column) => `m.${column}`).join(', ');
  return {
    // Receivers are found by skipping from one to the next, and of each no more than it has turns: what a dead one has
    // waiting is never read. Whoever has the fewest turns comes first, however long the others wait.
    take: statement(
      `queue.take/${table}`,
      `with recursive receivers as (
         (select ${receiver} as receiver from ${table} where next_try_at is not null order by ${receiver} limit 1)
         union all
         select (select ${receiver} from ${table} where next_try_at is not null and ${receiver} > r.receiver
           order by ${receiver} limit 1) from receivers r where r.receiver is not null
       ), called as (
         select receiver, coalesce(($5::jsonb ->> receiver::text)::integer, 0) as busy,
           $6::jsonb ? receiver::text as is_failing from receivers where receiver is not null
       ), due as (
         select d.id, d.next_try_at, c.is_failing,
           c.busy + row_number() over (partition by c.receiver order by d.next_try_at) as turn
         from called c cross join lateral (
           select id, next_try_at from ${table} where ${receiver} = c.receiver and next_try_at <= store.from_ms($1)
           order by next_try_at limit greatest(case when c.is_failing then 1 else $4 end - c.busy, 0)
           for update skip locked
         ) d
       ), placed as (
         select *, row_number() over (partition by is_failing order by turn, next_try_at) as place from due
       ), taken as (
         select id from placed where not is_failing or place <= $7 order by turn, next_try_at limit $3
       )
       update ${table} m set next_try_at = store.from_ms($2) where m.id = any (array(select id from taken)) returning ${returned}`,
    ),
    record: statement(
      `queue.record/${table}`,
      `update ${table} set attempts = attempts + 1, next_try_at = store.from_ms($2), ${recorded} where id = $1`,
    ),
    backlog: statement(
      `queue.backlog/${table}`,
      `select count(*)::integer as waiting, min(created_at) as "oldestAtMs" from ${table} where next_try_at is not null`,
    ),
    forget: statement(
      `queue.forget/${table}`,
      `with gone as (delete from ${table} where created_at < store.from_ms($1) returning 1)
       select count(*)::integer as gone from gone`,
    ),
  };
}

/** Which receivers failed at their last try in this process. */
function createFailing() {
  const failing = new Set<string>();
  const receiverOf = new Map<string, string>();
  return {
    failing: failing as ReadonlySet<string>,
    began: (id: string, receiver: string) => void receiverOf.set(id, receiver),
    recorded: (id: string, isToBeTriedAgain: boolean): void => {
      const receiver = receiverOf.get(id);
      if (receiver === undefined) return;
      if (isToBeTriedAgain) failing.add(receiver);
      else failing.delete(receiver);
    },
    ended: (id: string) => void receiverOf.delete(id),
  };
}

/** A queue of tries in a table: due rows are leased, tried, and what became of the try is recorded. */
export function createTableQueue<Row extends Readonly<Record<string, SqlValue>>>(
  database: Database,
  clock: Clock,
  queue: QueueTable & QueuePace,
): TableQueue<Row> {
  const { receiver, atOnce, atOnceOfOne, leaseMs } = queue;
  const { take, record, forget, backlog } = statementsOf(queue);
  const { failing, began, recorded, ended } = createFailing();

  async function takeDue(underWay: ReadonlyMap<Promise<void>, string>): Promise<readonly Due<Row>[]> {
    const room = atOnce - underWay.size;
    if (room === 0) return [];
    const busy: Record<string, number> = {};
    for (const name of underWay.values()) busy[name] = (busy[name] ?? 0) + 1;
    const failingBusy = [...underWay.values()].filter((name) => failing.has(name)).length;
    const roomForFailing = Math.max(0, Math.floor(atOnce / 2) - failingBusy);
    const nowMs = clock.now();
    const turns = [JSON.stringify(busy), JSON.stringify([...failing]), roomForFailing];
    return database.rows(take, [nowMs, nowMs + leaseMs, room, atOnceOfOne, ...turns]);
  }

  return {
    async workOff(stopping, tryOnce) {
      const underWay = new Map<Promise<void>, string>();
      const errors: unknown[] = [];
      let begun = 0;
      const begin = (due: Due<Row>): void => {
        const name = String(due[receiver]);
        began(due.id, name);
        const running = tryOnce(due)
          .catch((error: unknown) => void errors.push(error))
          .finally(() => {
            ended(due.id);
            underWay.delete(running);
          });
        underWay.set(running, name);
        begun += 1;
      };
      while (!stopping.aborted && errors.length === 0) {
        // What ends while it is asked what is due gives a turn back that the answer does not know of.
        const wasIdle = underWay.size === 0;
        const due = await takeDue(underWay);
        for (const one of due) begin(one);
        if (wasIdle && due.length === 0) break;
        if (underWay.size === 0) continue;
        const looking = new AbortController();
        await Promise.race([...underWay.keys(), sleep(LOOK_MS, undefined, { signal: looking.signal, ref: false })]);
        looking.abort();
      }
      await Promise.all(underWay.keys());
      if (errors.length > 0) throw errors[0];
      return begun;
    },
    async record(id, nextTryAtMs, values) {
      recorded(id, nextTryAtMs !== null);
      await database.rows(record, [id, nextTryAtMs, ...values]);
    },
    async backlog() {
      const [row] = await database.rows<Backlog>(backlog, []);
      return row ?? { waiting: 0, oldestAtMs: null };
    },
    async forget(beforeMs) {
      const [row] = await database.rows<{ gone: number }>(forget, [beforeMs]);
      return row?.gone ?? 0;
    },
  };
}
