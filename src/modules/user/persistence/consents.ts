import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Consents } from '../application/consents.ts';

const OF_USER = statement(
  'user.consents-of-user',
  'select document, version, changed_at from users.consents where user_id = $1 order by document',
);

type Row = { readonly document: string; readonly version: string | null; readonly changed_at: number };

export const createConsents = (database: Database): Consents => ({
  async of(userId) {
    const rows = await database.rows<Row>(OF_USER, [userId]);
    return rows.map(({ document, version, changed_at: changedAtMs }) => ({ document, version, changedAtMs }));
  },
});
