import { statement, type Session } from '../../src/infrastructure/postgres/session.ts';
import type { Judged, Violation } from './judged.ts';

/** What a node holds of one life of a node: of what was not told it, there are gaps. */
type Held = { readonly incarnation: string; readonly last: number; readonly link: string; readonly falls: number };

const HELD = statement(
  'simulation.held',
  `select incarnation, max(seq) as last, encode((array_agg(link order by seq desc))[1], 'hex') as link,
     count(*) filter (where hlc <= before) as falls
   from (select incarnation, seq, link, hlc, lag(hlc) over (partition by incarnation order by seq) as before from store.event) e
   group by incarnation`,
);
/** `told`: the last event of the present life that was written by the time given, of all where none is. */
const HEAD = statement(
  'simulation.head',
  `select incarnation, seq as last, encode(link, 'hex') as link,
     coalesce((select max(e.seq) from store.event e where e.incarnation = h.incarnation and e.created_at <= coalesce($1, 'infinity'::timestamptz)), 0) as told
   from store.head h`,
);

type Head = Pick<Held, 'incarnation' | 'last' | 'link'> & { readonly told: number };
type Log = { readonly nodeId: string; readonly head: Head; readonly held: readonly Held[] };

async function logOf(nodeId: string, session: Pick<Session, 'rows'>, restedAt: string | null): Promise<Log> {
  const [head] = await session.rows<Head>(HEAD, [restedAt]);
  if (head === undefined) throw new Error(`${nodeId} has no log`);
  return { nodeId, head, held: await session.rows<Held>(HELD, []) };
}

/** What one node holds of another's present life: nothing that it did not write, and the same where both end at one event. */
function faultsBetween(author: Log, other: Log): readonly string[] {
  const { head } = author;
  const held = other.held.find(({ incarnation }) => incarnation === head.incarnation);
  if (held === undefined) return [];
  const name = `of ${author.nodeId}, which wrote ${head.last} events, ${other.nodeId} holds`;
  if (held.last > head.last) return [`${name} number ${held.last}`];
  return held.last === head.last && held.link !== head.link ? [`${name} another number ${head.last}`] : [];
}

/**
 * I3 and I4: nobody holds more of a node than it wrote, nor something else; headquarters holds all that a park wrote. I14: stamps of
 * one life rise, whatever its clock did.
 */
export async function logs({
  world: { headquarters, parks, nodes, restedAt },
  diary,
}: Judged): Promise<readonly Violation[]> {
  const all = await Promise.all(nodes.map(({ place, app }) => logOf(place.nodeId, app.database, restedAt ?? null)));
  const falls = all.flatMap(({ nodeId, held }) =>
    held
      .filter((life) => life.falls > 0)
      .map((life) => `${nodeId}: stamps of ${life.incarnation} fall ${life.falls} times`),
  );
  const between = all.flatMap((author) =>
    all.filter((other) => other !== author).flatMap((other) => faultsBetween(author, other)),
  );
  const central = all.find(({ nodeId }) => nodeId === headquarters.place.nodeId);
  const untold = parks
    .filter(({ parkId }) => !diary.revoked.has(parkId))
    .flatMap(({ node }) => all.filter(({ nodeId }) => nodeId === node.place.nodeId))
    .filter(({ head }) => central?.held.every((life) => life.incarnation !== head.incarnation || life.last < head.told))
    .filter(({ head }) => head.told > 0)
    .map(({ nodeId }) => `headquarters lacks events of ${nodeId}`);
  return [
    ...falls.map((what) => ({ rule: 'stamps rise', what })),
    ...[...between, ...untold].map((what) => ({ rule: 'one log', what })),
  ];
}
