import { createHash } from 'node:crypto';
import { assert } from '../../kernel/assert.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { IdempotencyBegin, IdempotencyScope, IdempotencyStore, StoredAnswer } from '../http/idempotency.ts';
import { IDEMPOTENCY_KEEP_MS, IDEMPOTENCY_LEASE_MS } from '../http/idempotency-memory.ts';
import { createBatcher } from '../postgres/batcher.ts';
import type { Batcher } from '../postgres/batcher.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';

/**
 * Claims keys in order of the batch and says what was there. A claim is new, taken over (its owner's lease is over, same
 * fingerprint), or not given. Of two requests with one key in one batch the first gets it.
 */
const BEGIN = statement(
  'http.begin',
  `with given as (
     select distinct on (g.scope) g.* from unnest($1::bytea[], $2::text[], $3::bigint[]) with ordinality g(scope, fingerprint, now_ms, ord)
     order by g.scope, g.ord
   ), claimed as (
     insert into http.idempotency as i (scope, fingerprint, claimed_at)
     select scope, fingerprint, store.from_ms(now_ms) from given
     on conflict (scope) do update
       set claimed_at = excluded.claimed_at, fingerprint = excluded.fingerprint, status = null, body = null, headers = null
       where i.claimed_at <= excluded.claimed_at - $5 * interval '1 ms'
         or (i.status is null and i.fingerprint = excluded.fingerprint and i.claimed_at <= excluded.claimed_at - $4 * interval '1 ms')
     returning i.scope
   )
   select g.ord::integer as ord, c.scope is not null as fresh, i.fingerprint, i.status, i.body, i.headers
   from given g left join claimed c using (scope) left join http.idempotency i using (scope)`,
);

const COMPLETE = statement(
  'http.complete',
  `update http.idempotency i set status = g.status, body = g.body, headers = g.headers
   from (select distinct on (scope) * from unnest($1::bytea[], $2::smallint[], $3::text[], $4::jsonb[]) g(scope, status, body, headers)) g
   where i.scope = g.scope and i.status is null`,
);

const RELEASE = statement(
  'http.release',
  'delete from http.idempotency where scope = any($1::bytea[]) and status is null',
);

const FORGET = statement('http.forget', 'delete from http.idempotency where scope = $1 and body = $2');

const SWEEP = statement('http.sweep-idempotency', `delete from http.idempotency where claimed_at < store.from_ms($1)`);

type BeginItem = { readonly scope: Buffer; readonly fingerprint: string; readonly nowMs: number };
type BeginRow = {
  readonly ord: number;
  readonly fresh: boolean;
  readonly fingerprint: string | null;
  readonly status: number | null;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>> | null;
};
type CompleteItem = { readonly scope: Buffer; readonly answer: StoredAnswer };

const keyOf = ({ principalId, route, key }: IdempotencyScope): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([principalId, route, key]))
    .digest();

function toBegin(row: BeginRow | undefined, { fingerprint }: BeginItem): IdempotencyBegin {
  if (row === undefined) return { kind: 'in_flight' };
  if (row.fresh) return { kind: 'fresh' };
  // A row that another request gave back in this very moment: that request was in flight.
  if (row.fingerprint === null) return { kind: 'in_flight' };
  if (row.fingerprint !== fingerprint) return { kind: 'mismatch' };
  if (row.status === null) return { kind: 'in_flight' };
  return { kind: 'replay', status: row.status, body: row.body ?? '', headers: row.headers ?? {} };
}

export type PostgresIdempotencyStore = IdempotencyStore & {
  /** Deletes what is older than answers are kept. */
  sweep(nowMs: number): Promise<void>;
};

const BOUNDS = { maxItems: 128, maxQueued: 10_000 };

const createBegins = (database: Database): Batcher<BeginItem, IdempotencyBegin> =>
  createBatcher({
    ...BOUNDS,
    async run(items) {
      const rows = await database.rows<BeginRow>(BEGIN, [
        items.map(({ scope }) => scope),
        items.map(({ fingerprint }) => fingerprint),
        items.map(({ nowMs }) => nowMs),
        IDEMPOTENCY_LEASE_MS,
        IDEMPOTENCY_KEEP_MS,
      ]);
      const byOrder = new Map(rows.map((row) => [row.ord, row]));
      const firstWith = new Map<string, BeginItem>();
      return items.map((item, index) => {
        const name = item.scope.toString('hex');
        const first = firstWith.get(name);
        firstWith.set(name, first ?? item);
        if (first === undefined) return toBegin(byOrder.get(index + 1), item);
        return first.fingerprint === item.fingerprint ? { kind: 'in_flight' } : { kind: 'mismatch' };
      });
    },
  });

const createCompletes = (database: Database): Batcher<CompleteItem, null> =>
  createBatcher({
    ...BOUNDS,
    async run(items) {
      await database.rows(COMPLETE, [
        items.map(({ scope }) => scope),
        items.map(({ answer }) => answer.status),
        items.map(({ answer }) => answer.body),
        items.map(({ answer }) => JSON.stringify(answer.headers)),
      ]);
      return items.map(() => null);
    },
  });

/**
 * Idempotency keys in PostgreSQL; requests that come at the same time share statements and commits. Answers and what is
 * asked hold names and codes: bodies are sealed for the principal, fingerprints are keyed hashes. Once the principal was
 * erased, no answer can be read and the key is fresh.
 */
export function createPostgresIdempotencyStore(database: Database, vault: Vault): PostgresIdempotencyStore {
  const begins = createBegins(database);
  const completes = createCompletes(database);

  /** Opens a kept answer, or claims the key anew when nobody can. */
  async function opened(item: BeginItem, begun: IdempotencyBegin): Promise<IdempotencyBegin> {
    if (begun.kind !== 'replay') return begun;
    const body = await vault.open(begun.body);
    if (body !== null) return { ...begun, body };
    await database.rows(FORGET, [item.scope, begun.body]);
    const again = await begins.submit(item);
    return again.kind === 'replay' ? { kind: 'in_flight' } : again;
  }

  return {
    async begin({ scope, fingerprint, nowMs }) {
      const item = { scope: keyOf(scope), fingerprint: vault.blindIndex('idempotency', fingerprint), nowMs };
      return await opened(item, await begins.submit(item));
    },
    async complete(scope, answer) {
      assert(Number.isInteger(answer.status), 'an answer has a status');
      const body = await vault.seal(scope.principalId, answer.body);
      // Of somebody who was erased meanwhile no answer is kept.
      if (body === null) return;
      await completes.submit({ scope: keyOf(scope), answer: { ...answer, body } });
    },
    async release(scope) {
      await database.rows(RELEASE, [[keyOf(scope)]]);
    },
    async sweep(nowMs) {
      await database.rows(SWEEP, [nowMs - IDEMPOTENCY_KEEP_MS]);
    },
  };
}
