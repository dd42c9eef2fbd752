import { escapeIdentifier } from 'pg';
import { assert } from '../../kernel/assert.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import type { Projection } from '../module.ts';
import type { Database } from '../postgres/database.ts';
import { statement, type Session } from '../postgres/session.ts';
import { apply, fill, headOf, nameOf, prepareShadow, TRY_LOCK, type RebuildOptions } from './projections.ts';

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

/**
 * Fills new tables beside the live ones from the log, compares the rows of both at one moment, and drops the new ones.
 * Changes nothing and keeps nobody waiting, for the last step looks at a snapshot. Needs the rights of the tables' owner.
 * @throws StoreUnavailable when another process rebuilds or compares this projection.
 */
export async function compareProjection(
  database: Database,
  projection: Projection,
  options: RebuildOptions = {},
): Promise<ProjectionComparison> {
  const shadow = `compare_${projection.name.replaceAll('.', '_')}`;
  return database.exclusive(async (connection) => {
    const [answer] = await connection.rows<{ locked: boolean }>(TRY_LOCK, [projection.name]);
    if (answer?.locked !== true) throw new StoreUnavailable(`${projection.name} is being rebuilt already`);
    await prepareShadow(connection, projection, shadow);
    try {
      const position = await fill(connection, projection, shadow, 0, options);
      return await connection.transaction(async (session) => {
        await session.run('set transaction isolation level repeatable read');
        const head = await headOf(session);
        if (head > position) await apply(session, projection, shadow, position + 1, head);
        let [rows, differing] = [0, 0];
        for (const table of projection.tables) {
          const found = await compareTable(session, nameOf(projection.schema, table), nameOf(shadow, table));
          rows += found.rows;
          differing += found.differing;
        }
        return { position: head, rows, differing };
      });
    } finally {
      await connection.run(`drop schema ${escapeIdentifier(shadow)} cascade`);
    }
  });
}
