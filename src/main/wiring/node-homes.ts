import { statement } from '../../infrastructure/postgres/session.ts';
import type { Tools } from './tools.ts';

const OWN = statement('wiring.own-incarnation', 'select incarnation from store.head');
const NEWEST = statement(
  'wiring.newest-incarnation',
  'select incarnation from store.event where node_id = $1 order by position desc limit 1',
);

type Row = { readonly incarnation: string };

/** Which node serves which park, and the log that a node writes. */
export const nodeHomes = ({ database, nodeId }: Pick<Tools, 'database' | 'nodeId'>) => ({
  /** No park has a node of its own yet. */
  homeOf: (_parkId: string, _date: string): Promise<string> => Promise.resolve(nodeId),
  async ownIncarnation(): Promise<string> {
    const [row] = await database.rows<Row>(OWN, []);
    if (row === undefined) throw new Error('the log has no head');
    return row.incarnation;
  },
  async incarnationOf(ofNode: string): Promise<string | null> {
    const [row] = await database.rows<Row>(NEWEST, [ofNode]);
    return row?.incarnation ?? null;
  },
});
