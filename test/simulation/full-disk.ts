import type { Database } from '../../src/infrastructure/postgres/database.ts';
import type { Session } from '../../src/infrastructure/postgres/session.ts';
import { StoreUnavailable } from '../../src/kernel/event-store.ts';

/** What writes, by its words: rows of a table, or a function of the log that does. */
const WRITES =
  /\b(insert into|delete from|update \w+\.\w+)\b|\bstore\.(append|receive|note_peer|open_incarnation|close_author|keep_\w+)\(/i;

const refused = (): StoreUnavailable => new StoreUnavailable('could not extend file: no space left on device');

/** What makes the log longer. */
const STORES = /\bstore\.(append|receive)\(/;

export type Disk = {
  readonly isFull: () => boolean;
  /** Told when the log may have grown. */
  readonly onStored: () => void;
};

const guarded = (session: Session, { isFull, onStored }: Disk): Session => ({
  rows: async (query, values) => {
    if (isFull() && WRITES.test(query.text)) throw refused();
    try {
      return await session.rows(query, values);
    } finally {
      if (STORES.test(query.text)) onStored();
    }
  },
  run: async (sql) => {
    if (isFull() && WRITES.test(sql)) throw refused();
    return session.run(sql);
  },
});

/** A database whose disk may be full: it answers as the program hears it then, and a transaction is undone by it. */
export const onDisk = (database: Database, disk: Disk): Database => ({
  ...database,
  ...guarded(database, disk),
  transaction: (work) => database.transaction((session) => work(guarded(session, disk))),
});
