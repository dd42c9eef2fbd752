import type { Database } from '../../src/infrastructure/postgres/database.ts';
import type { Session } from '../../src/infrastructure/postgres/session.ts';
import { StoreUnavailable } from '../../src/kernel/event-store.ts';

/** What writes, by its words: rows of a table, or a function of the log that does. */
const WRITES =
  /\b(insert into|delete from|update \w+\.\w+)\b|\bstore\.(append|receive|note_peer|open_incarnation|close_author|keep_\w+)\(/i;

const refused = (): StoreUnavailable => new StoreUnavailable('could not extend file: no space left on device');

const guarded = (session: Session, isFull: () => boolean): Session => ({
  rows: async (query, values) => {
    if (isFull() && WRITES.test(query.text)) throw refused();
    return session.rows(query, values);
  },
  run: async (sql) => {
    if (isFull() && WRITES.test(sql)) throw refused();
    return session.run(sql);
  },
});

/** A database whose disk may be full: it answers as the program hears it then, and a transaction is undone by it. */
export const onDisk = (database: Database, isFull: () => boolean): Database => ({
  ...database,
  ...guarded(database, isFull),
  transaction: (work) => database.transaction((session) => work(guarded(session, isFull))),
});
