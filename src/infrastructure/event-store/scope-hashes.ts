import { createHash } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import type { Projection, SharedRows } from '../module.ts';
import type { Database } from '../postgres/database.ts';
import { statement, type Session } from '../postgres/session.ts';

/** What one table holds of a scope. */
export type TableHash = {
  /** `<schema>.<table>` */
  readonly table: string;
  readonly rows: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
};

/** What a node holds of one park, or of the chain (`scope` null); two nodes that have read the same events have the same hash. */
export type ScopeHash = {
  readonly scope: string | null;
  readonly rows: number;
  readonly hash: string;
  readonly tables: readonly TableHash[];
};

type Row = { readonly scope: string | null; readonly rows: number; readonly hash: string };

/** Each row as JSON with its names in one order, hashed; the hashes in the order of the key, hashed again. */
function hashesOf(schema: string, { table, parkColumn, key }: SharedRows): string {
  const park = parkColumn === null ? 'null::text' : `t.${escapeIdentifier(parkColumn)}`;
  const order = key.map((column) => `t.${escapeIdentifier(column)}`).join(', ');
  return `select ${park} as scope, count(*) as rows,
      encode(sha256(string_agg(sha256(convert_to((to_jsonb(t) - $1::text[])::text, 'UTF8')), ''::bytea order by ${order})), 'hex') as hash
    from ${escapeIdentifier(schema)}.${escapeIdentifier(table)} t
    where ${parkColumn === null ? 'true' : `${park} is not null`} group by 1`;
}

async function hashTable(session: Session, schema: string, shared: SharedRows): Promise<readonly (Row & TableHash)[]> {
  const name = `${schema}.${shared.table}`;
  const query = statement(`scope/${name}`.slice(0, 63), hashesOf(schema, shared));
  const rows = await session.rows<Row>(query, [shared.except]);
  return rows.filter((row) => row.rows > 0).map((row) => ({ ...row, table: name }));
}

function combine(scope: string | null, tables: readonly TableHash[]): ScopeHash {
  const sum = createHash('sha256');
  for (const { table, rows, hash } of tables) sum.update(`${table} ${rows} ${hash}\n`);
  return { scope, rows: tables.reduce((total, { rows }) => total + rows, 0), hash: sum.digest('hex'), tables };
}

/**
 * Hashes of everything that this node shares with others, by scope: the chain first, then parks by id. Taken at one moment; a
 * scope of which there are no rows is left out.
 */
export async function scopeHashes(
  database: Database,
  projections: readonly Projection[],
): Promise<readonly ScopeHash[]> {
  const found = await database.transaction(async (session) => {
    await session.run('set transaction isolation level repeatable read read only');
    const hashes: (Row & TableHash)[] = [];
    for (const { schema, shared = [] } of projections) {
      for (const rows of shared) hashes.push(...(await hashTable(session, schema, rows)));
    }
    return hashes;
  });
  const scopes = [...new Set(found.map(({ scope }) => scope))].toSorted((a, b) =>
    (a ?? '').localeCompare(b ?? '', 'en'),
  );
  return scopes.map((scope) => {
    const tables = found
      .filter((hash) => hash.scope === scope)
      .map(({ table, rows, hash }) => ({ table, rows, hash }))
      .toSorted((a, b) => (a.table < b.table ? -1 : 1));
    return combine(scope, tables);
  });
}
