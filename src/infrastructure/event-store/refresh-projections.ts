import { setTimeout as pause } from 'node:timers/promises';
import type { Projection } from '../module.ts';
import type { Connection, Database } from '../postgres/database.ts';
import { statement, type Session } from '../postgres/session.ts';
import { rebuildProjection } from './projections.ts';

/**
 * What makes the rows of a read model: its function, the functions of its schema that are no other read model's, and the
 * kinds of events it is told of.
 */
const MAKERS = statement(
  'store.makers-of-projections',
  `select p.name, p.made_by as "madeBy", md5(f.sources || coalesce(t.types, '')) as makers
   from store.projection p cross join lateral (
     select string_agg(f.proname || f.prosrc, ';' order by f.proname, f.prosrc) as sources from pg_proc f
     where f.pronamespace = p.schema_name::regnamespace and (f.oid = p.function_name::regproc::oid
       or f.oid <> all (select o.function_name::regproc::oid from store.projection o))
   ) f cross join lateral (
     select string_agg(type, ',' order by type) as types from unnest(p.event_types) type
   ) t`,
);

const HAS_EVENTS = statement('store.has-events', 'select exists (select from store.event) as found');
const NOTE_MAKERS = statement('store.note-makers', 'update store.projection set made_by = $2 where name = $1');

const TRY_ALONE = statement(
  'store.lock-refresh',
  `select pg_try_advisory_lock(hashtext('skypark refresh projections')) as locked`,
);
const POLL_MS = 100;

type Makers = { readonly name: string; readonly madeBy: string | null; readonly makers: string };

/** As when migrating: waiting inside the server would keep a snapshot and with it others who wait for all older ones. */
async function waitToBeAlone(connection: Connection, log: (line: string) => void): Promise<void> {
  for (let told = false; ; told = true) {
    const [answer] = await connection.rows<{ locked: boolean }>(TRY_ALONE);
    if (answer?.locked === true) return;
    if (!told) log('another process rebuilds read models, waiting for it');
    await pause(POLL_MS);
  }
}

/** The names of read models whose rows were made by other functions than those there are now. Changes nothing. */
export const staleProjections = async (session: Session): Promise<readonly string[]> =>
  (await session.rows<Makers>(MAKERS)).filter(({ madeBy, makers }) => madeBy !== makers).map(({ name }) => name);

/**
 * Rebuilds the registered read models whose rows were made by other functions than those there are now, after a migration
 * for example: then no migration has to fill in what old events say. Sales go on meanwhile. Any number of processes may
 * call it at once; what a process that died left undone, the next one does.
 *
 * @param log told in one line of each read model that is rebuilt
 * @returns the names of those it rebuilt
 * @throws StoreUnavailable when readers never let go of a table.
 */
export async function refreshProjections(
  database: Database,
  projections: readonly Projection[],
  log: (line: string) => void,
): Promise<readonly string[]> {
  return database.exclusive(async (connection) => {
    await waitToBeAlone(connection, log);
    const found = new Map((await connection.rows<Makers>(MAKERS)).map((row) => [row.name, row]));
    const rebuilt: string[] = [];
    for (const projection of projections) {
      const row = found.get(projection.name);
      if (row === undefined || row.madeBy === row.makers) continue;
      // Whatever is appended from now on is told to the functions there are now.
      const [events] = await connection.rows<{ found: boolean }>(HAS_EVENTS);
      if (events?.found === true) {
        log(`rebuilding ${projection.name}: its rows were made by an earlier version`);
        await rebuildProjection(database, projection);
        rebuilt.push(projection.name);
      }
      await connection.rows(NOTE_MAKERS, [projection.name, row.makers]);
    }
    return rebuilt;
  });
}
