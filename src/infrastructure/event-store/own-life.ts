import type { LogPlace } from '../../kernel/replication.ts';
import type { Database } from '../postgres/database.ts';
import { statement } from '../postgres/session.ts';
import { BEGINNING, linkText } from './authored-event.ts';

const OWN_LIFE = statement(
  'store.own-life',
  'select incarnation, reason from store.author where incarnation = (select incarnation from store.head)',
);

const BEFORE = statement(
  'store.life-before',
  `select a.incarnation, a.seq, a.link from store.head h join store.author a on a.node_id = h.node_id
   where a.incarnation <> h.incarnation and a.closed_seq is null and (a.written_to > 0 or a.seq = 0) order by a.opened_at desc limit 1`,
);

const LINK = statement('store.link-at', 'select link from store.event where incarnation = $1 and seq = $2');

/** The current life of this node's log, and why it was begun; null: it is the first one. */
export async function readOwnLife(
  database: Database,
): Promise<{ readonly incarnation: string; readonly reason: string | null }> {
  const [life] = await database.rows<{ incarnation: string; reason: string | null }>(OWN_LIFE, []);
  if (life === undefined) throw new Error('the log was never opened');
  return life;
}

/**
 * Where the life of this log ended that it had before its current one; null when that is its first. Lives that another machine wrote
 * under the name of this node are not meant.
 */
export async function lifeBefore(database: Database): Promise<LogPlace | null> {
  const [life] = await database.rows<Omit<LogPlace, 'link'> & { readonly link: Buffer }>(BEFORE, []);
  return life === undefined ? null : { ...life, link: linkText(life.link) };
}

/** Whether this log holds that event of a life, and no other one in its place. */
export async function holdsPlace(database: Database, { incarnation, seq, link }: LogPlace): Promise<boolean> {
  if (seq === 0) return link === BEGINNING;
  const [found] = await database.rows<{ link: Buffer }>(LINK, [incarnation, seq]);
  return found !== undefined && linkText(found.link) === link;
}
