import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';

const LINK_AT = statement(
  'admission.link-at',
  `select encode(link, 'hex') as link from store.event where incarnation = $1 and seq = $2`,
);

/** The link of an event of this log, as base64url; null when there is none at that place. */
export const createLinkAt =
  (database: Database) =>
  async (incarnation: string, seq: number): Promise<string | null> => {
    const [row] = await database.rows<{ readonly link: string }>(LINK_AT, [incarnation, seq]);
    return row === undefined ? null : Buffer.from(row.link, 'hex').toString('base64url');
  };
