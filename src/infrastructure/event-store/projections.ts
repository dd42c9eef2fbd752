import { assert } from '../../kernel/assert.ts';
import type { Projection } from '../module.ts';
import type { Database } from '../postgres/database.ts';
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
  readonly onProgress?: (position: number, head: number) => void;
};

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function headOf(session: Session, lock: boolean): Promise<number> {
  const text = `select position from store.head${lock ? ' for update' : ''}`;
  const [row] = await session.rows<{ position: number }>(statement(lock ? 'store.lock-head' : 'store.head', text), []);
  return row?.position ?? 0;
}

/**
 * Fills new tables beside the live ones from the log, lets them catch up while sales go on, and swaps them in under the
 * log's lock, which is held only for the last batch. What was live is dropped in the same transaction; a failure at any
 * point leaves the live tables as they were.
 *
 * The new tables get the live ones' definition, indexes and grants. Needs the rights of the tables' owner.
 * @returns the position up to which the rebuilt tables hold the log.
 */
export async function rebuildProjection(
  database: Database,
  projection: Projection,
  { batch = 20_000, onProgress }: RebuildOptions = {},
): Promise<number> {
  const shadow = `rebuild_${projection.name.replaceAll('.', '_')}`;
  const apply = async (session: Session, from: number, to: number): Promise<void> => {
    await session.run(`set local search_path = ${identifier(shadow)}, store, pg_temp`);
    await session.run(`select ${projection.functionName}(${from}, ${to})`);
  };
  return database.exclusive(async (connection) => {
    await connection.run(`select pg_advisory_lock(hashtext('skypark rebuild ${projection.name}'))`);
    await connection.run('set statement_timeout = 0');
    await prepareShadow(connection, projection, shadow);
    let position = 0;
    for (let head = await headOf(connection, false); head - position > batch; head = await headOf(connection, false)) {
      const to = position + batch;
      await connection.transaction((session) => apply(session, position + 1, to));
      position = to;
      onProgress?.(position, head);
    }
    return connection.transaction(async (session) => {
      const head = await headOf(session, true);
      if (head > position) await apply(session, position + 1, head);
      await swap(session, projection, shadow);
      onProgress?.(head, head);
      return head;
    });
  });
}

async function prepareShadow(session: Session, { schema, tables }: Projection, shadow: string): Promise<void> {
  await session.run(`drop schema if exists ${identifier(shadow)} cascade`);
  await session.run(`create schema ${identifier(shadow)}`);
  for (const table of tables) {
    const live = `${identifier(schema)}.${identifier(table)}`;
    await session.run(`create table ${identifier(shadow)}.${identifier(table)} (like ${live} including all)`);
  }
}

async function swap(session: Session, { schema, tables }: Projection, shadow: string): Promise<void> {
  for (const table of tables) {
    const live = `${identifier(schema)}.${identifier(table)}`;
    const rebuilt = `${identifier(shadow)}.${identifier(table)}`;
    const grants = await session.rows<{ grantee: string; privilege: string }>(
      statement(
        'store.table-grants',
        `select g.grantee, string_agg(g.privilege_type, ', ') as privilege from information_schema.role_table_grants g
         where g.table_schema = $1 and g.table_name = $2 and g.grantee <> g.grantor group by g.grantee`,
      ),
      [schema, table],
    );
    const dependents = await session.rows<{ definition: string; view: string }>(
      statement(
        'store.dependent-views',
        `select distinct v.oid::regclass::text as view, pg_get_viewdef(v.oid) as definition
         from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class v on v.oid = r.ev_class
         where d.refobjid = $1::regclass and d.classid = 'pg_rewrite'::regclass and v.relkind = 'v'`,
      ),
      [live],
    );
    assert(dependents.length === 0, `${live} is used by a view, which a rebuild would leave on the old table`);
    await session.run(`drop table ${live}`);
    await session.run(`alter table ${rebuilt} set schema ${identifier(schema)}`);
    for (const { grantee, privilege } of grants) {
      await session.run(`grant ${privilege} on ${live} to ${identifier(grantee)}`);
    }
  }
  await session.run(`drop schema ${identifier(shadow)}`);
}
