import { setTimeout as pause } from 'node:timers/promises';
import { escapeIdentifier } from 'pg';
import { assert } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import type { Projection } from '../module.ts';
import type { Connection, Database } from '../postgres/database.ts';
import { sqlState, sqlStateOf } from '../postgres/errors.ts';
import { statement, type Session } from '../postgres/session.ts';

const REGISTER = statement(
  'store.register-projection',
  `insert into store.projection (name, schema_name, function_name, event_types, table_names) values ($1, $2, $3, $4, $5)
   on conflict (name) do update set schema_name = excluded.schema_name, function_name = excluded.function_name,
     event_types = excluded.event_types, table_names = excluded.table_names`,
);

/** Tells store.append which functions to call. Needs the rights of the tables' owner: part of migrating. */
export async function registerProjections(database: Database, projections: readonly Projection[]): Promise<void> {
  await database.transaction(async (session) => {
    await session.run('lock table store.projection in share row exclusive mode');
    await session.rows(statement('store.forget-projections', 'delete from store.projection where name <> all($1)'), [
      projections.map(({ name }) => name),
    ]);
    for (const { name, schema, functionName, eventTypes, tables } of projections) {
      await session.rows(REGISTER, [name, schema, functionName, eventTypes, tables]);
    }
  });
}

export type RebuildOptions = {
  /** Positions a statement covers. Default 20 000. */
  readonly batch?: number;
  /** Told after every batch how far the rebuild is. */
  readonly onProgress?: (position: number, head: number) => void | Promise<void>;
};

const SWAP_WAIT_MS = 500;
const SWAP_PAUSE_MS = 1000;
const SWAP_ATTEMPTS = 20;

/** What may be left for the last batch, which is applied while no append can be stored. */
const FINAL_BATCH = 1000;

const HEAD = statement('store.head', 'select position from store.head');
const LOCK_HEAD = statement('store.lock-head', 'select position from store.head for update');
export const TRY_LOCK = statement(
  'store.lock-rebuild',
  `select pg_try_advisory_lock(hashtext('skypark rebuild'), hashtext($1)) as locked`,
);

const GRANTS = statement(
  'store.table-grants',
  `select case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end as grantee,
     g.privilege_type as privilege, g.is_grantable as grantable, quote_ident(a.attname) as "column"
   from (
     select c.oid, null::smallint as attnum, c.relowner, c.relacl as acl from pg_class c where c.oid = $1::regclass
     union all
     select c.oid, a.attnum, c.relowner, a.attacl from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.oid = $1::regclass and a.attacl is not null and not a.attisdropped
   ) t cross join lateral aclexplode(t.acl) g left join pg_attribute a on a.attrelid = t.oid and a.attnum = t.attnum
   where g.grantee <> t.relowner order by grantee, privilege`,
);

const DEPENDENTS = statement(
  'store.dependent-views',
  `select distinct r.ev_class::regclass::text as name
   from pg_depend d join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
   where d.refclassid = 'pg_class'::regclass and d.refobjid = $1::regclass and r.ev_class <> d.refobjid`,
);

const PARAMETERS = statement(
  'store.table-parameters',
  `select array_to_string(c.reloptions, ', ') as options, obj_description(c.oid, 'pg_class') as comment
   from pg_class c where c.oid = $1::regclass`,
);

const TRIGGERS = statement(
  'store.table-triggers',
  `select replace(pg_get_triggerdef(t.oid), format(' ON %I.%I ', n.nspname, c.relname), ' ON ' || $2 || ' ') as definition
   from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
   where t.tgrelid = $1::regclass and not t.tgisinternal order by t.tgname`,
);

const OWNER = statement(
  'store.table-owner',
  'select c.relowner::regrole::text as owner from pg_class c where c.oid = $1::regclass',
);

type Grant = {
  readonly grantee: string;
  readonly privilege: string;
  readonly grantable: boolean;
  readonly column: string | null;
};

export const nameOf = (schema: string, table: string): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;

const asText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export async function headOf(session: Session, lock = false): Promise<number> {
  const [row] = await session.rows<{ position: number }>(lock ? LOCK_HEAD : HEAD);
  assert(row, 'the log was never opened');
  return row.position;
}

/** Empty tables as the live ones: columns, constraints, indexes, triggers, storage parameters, comments, grants. */
export async function prepareShadow(session: Session, { schema, tables }: Projection, shadow: string): Promise<void> {
  await session.run(`drop schema if exists ${escapeIdentifier(shadow)} cascade`);
  await session.run(`create schema ${escapeIdentifier(shadow)}`);
  for (const table of tables) {
    const live = nameOf(schema, table);
    const views = await session.rows<{ name: string }>(DEPENDENTS, [live]);
    assert(views.length === 0, `${views[0]?.name} reads ${live} and would keep the old table`);
  }
  await copyTables(session, { schema, tables }, shadow);
}

/** Makes the same tables, without rows, in a schema that is there. */
export async function copyTables(
  session: Session,
  { schema, tables }: Pick<Projection, 'schema' | 'tables'>,
  shadow: string,
): Promise<void> {
  for (const table of tables) {
    const live = nameOf(schema, table);
    const copy = nameOf(shadow, table);
    await session.run(`create table ${copy} (like ${live} including all)`);
    const [found] = await session.rows<{ options: string | null; comment: string | null }>(PARAMETERS, [live]);
    if (typeof found?.options === 'string') await session.run(`alter table ${copy} set (${found.options})`);
    if (typeof found?.comment === 'string') await session.run(`comment on table ${copy} is ${asText(found.comment)}`);
    for (const { definition } of await session.rows<{ definition: string }>(TRIGGERS, [live, copy])) {
      await session.run(definition);
    }
    for (const { grantee, privilege, grantable, column } of await session.rows<Grant>(GRANTS, [live])) {
      const what = column === null ? privilege : `${privilege} (${column})`;
      await session.run(`grant ${what} on ${copy} to ${grantee}${grantable ? ' with grant option' : ''}`);
    }
  }
}

export async function apply(
  session: Session,
  projection: Projection,
  shadow: string,
  from: number,
  to: number,
): Promise<void> {
  await session.run(`set local search_path = ${escapeIdentifier(shadow)}, store, pg_temp`);
  await session.run(`select ${projection.functionName}(${from}, ${to})`);
}

async function swap(session: Session, { schema, tables }: Projection, shadow: string): Promise<void> {
  for (const table of tables) {
    const live = nameOf(schema, table);
    const [found] = await session.rows<{ owner: string }>(OWNER, [live]);
    assert(found, `${live} is gone`);
    await session.run(`drop table ${live}`);
    await session.run(`alter table ${nameOf(shadow, table)} set schema ${escapeIdentifier(schema)}`);
    // store.append works with the rights of this owner, whoever rebuilds.
    await session.run(`alter table ${live} owner to ${found.owner}`);
  }
  await session.run(`drop schema ${escapeIdentifier(shadow)}`);
}

/** Applies the log after `from` up to almost its end; answers how far. */
export async function fill(
  connection: Connection,
  projection: Projection,
  shadow: string,
  from: number,
  { batch = 20_000, onProgress }: RebuildOptions,
): Promise<number> {
  let position = from;
  for (;;) {
    const head = await headOf(connection);
    const remaining = head - position;
    if (remaining <= Math.min(batch, FINAL_BATCH)) return position;
    const to = position + Math.min(batch, remaining);
    await connection.transaction((session) => apply(session, projection, shadow, position + 1, to));
    position = to;
    await onProgress?.(position, head);
  }
}

/**
 * The last batch and the swap. Null when a reader kept the live table longer than appends may wait: the log's lock is held
 * here, and it comes first as in an append, so that nobody can wait in a circle.
 */
async function finish(
  connection: Connection,
  projection: Projection,
  shadow: string,
  position: number,
): Promise<number | null> {
  try {
    return await connection.transaction(async (session) => {
      await session.run(`set local lock_timeout = ${SWAP_WAIT_MS}`);
      const head = await headOf(session, true);
      if (head > position) await apply(session, projection, shadow, position + 1, head);
      // What is checked at the end of a transaction is checked now: nobody can move a table that somebody still has to look at.
      await session.run('set constraints all immediate');
      await swap(session, projection, shadow);
      return head;
    });
  } catch (error) {
    if (sqlStateOf(error) === sqlState.lockNotAvailable) return null;
    throw error;
  }
}

/**
 * Fills new tables beside the live ones from the log, lets them catch up while sales go on, and swaps them in under the
 * log's lock, which is held only for the last batch. What was live is dropped in the same transaction; a failure at any
 * point leaves the live tables as they were.
 *
 * The new tables get the live ones' definition, indexes and grants. Needs the rights of the tables' owner.
 * @returns the position up to which the rebuilt tables hold the log.
 * @throws StoreUnavailable when another process rebuilds this projection, or readers never let go of the live tables.
 */
export async function rebuildProjection(
  database: Database,
  projection: Projection,
  options: RebuildOptions = {},
): Promise<number> {
  const shadow = `rebuild_${projection.name.replaceAll('.', '_')}`;
  return database.exclusive(async (connection) => {
    const [answer] = await connection.rows<{ locked: boolean }>(TRY_LOCK, [projection.name]);
    if (answer?.locked !== true) throw new StoreUnavailable(`${projection.name} is being rebuilt already`);
    await prepareShadow(connection, projection, shadow);
    let position = 0;
    for (let attempt = 1; attempt <= SWAP_ATTEMPTS; attempt += 1) {
      position = await fill(connection, projection, shadow, position, options);
      // New tables have no statistics, and the first queries would be planned as if they were empty.
      for (const table of projection.tables) await connection.run(`analyze ${nameOf(shadow, table)}`);
      const head = await finish(connection, projection, shadow, position);
      if (head !== null) return head;
      await pause(SWAP_PAUSE_MS);
    }
    throw new StoreUnavailable(`${projection.name}: readers kept its tables busy, nothing was changed`);
  });
}
