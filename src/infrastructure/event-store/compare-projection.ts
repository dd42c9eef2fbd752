import { assert } from '../../kernel/assert.ts';
import type { Projection } from '../module.ts';
import type { Database } from '../postgres/database.ts';
import { statement, type Session } from '../postgres/session.ts';
import { apply, copyTables, fill, headOf, nameOf, type RebuildOptions } from './projections.ts';

export type ProjectionComparison = {
  /** Position up to which both were compared. */
  readonly position: number;
  /** Rows of the live tables. */
  readonly rows: number;
  /** Rows that are only in the live tables or only in the rebuilt ones. */
  readonly differing: number;
};

/** The rows of a table as one number each, added up: equal for equal rows in any order. */
const digestOf = (table: string): string =>
  `select count(*) as count, coalesce(sum(hashtextextended(t::text, 1)::numeric), 0)::text as one,
     coalesce(sum(hashtextextended(t::text, 2)::numeric), 0)::text as two from ${table} t`;

const differenceOf = (one: string, other: string): string =>
  `select count(*) as count from (select t::text from ${one} t except all select t::text from ${other} t) d`;

type Digest = { readonly count: number; readonly one: string; readonly two: string };

async function compareTable(
  session: Session,
  live: string,
  rebuilt: string,
): Promise<{ rows: number; differing: number }> {
  const one = async <Row extends object>(name: string, sql: string): Promise<Row> => {
    const [row] = await session.rows<Row>(statement(`store.${name}`.slice(0, 63), sql));
    assert(row, 'an aggregate answers one row');
    return row;
  };
  const mine = await one<Digest>(`digest/${live}`, digestOf(live));
  const theirs = await one<Digest>(`digest/${rebuilt}`, digestOf(rebuilt));
  if (mine.count === theirs.count && mine.one === theirs.one && mine.two === theirs.two) {
    return { rows: mine.count, differing: 0 };
  }
  const gone = await one<{ count: number }>(`more/${live}`, differenceOf(live, rebuilt));
  const missing = await one<{ count: number }>(`less/${live}`, differenceOf(rebuilt, live));
  return { rows: mine.count, differing: gone.count + missing.count };
}

/** Tables of the connection: only it sees them, and they end with it, however it ends. */
const OWN = 'pg_temp';

/**
 * Fills tables of its own from the log and compares their rows with the live ones at one moment. Changes nothing, keeps nobody waiting, for
 * the last step looks at a snapshot, and needs no more rights than to read the live tables and the log.
 */
export async function compareProjection(
  database: Database,
  projection: Projection,
  options: RebuildOptions = {},
): Promise<ProjectionComparison> {
  return database.exclusive(async (connection) => {
    await copyTables(connection, projection, OWN);
    const position = await fill(connection, projection, OWN, 0, options);
    for (const table of projection.tables) await connection.run(`analyze ${nameOf(OWN, table)}`);
    return connection.transaction(async (session) => {
      await session.run('set transaction isolation level repeatable read');
      const head = await headOf(session);
      if (head > position) await apply(session, projection, OWN, position + 1, head);
      let [rows, differing] = [0, 0];
      for (const table of projection.tables) {
        const found = await compareTable(session, nameOf(projection.schema, table), nameOf(OWN, table));
        rows += found.rows;
        differing += found.differing;
      }
      return { position: head, rows, differing };
    });
  });
}
