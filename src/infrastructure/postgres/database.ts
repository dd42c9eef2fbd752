import type { PoolClient, QueryResultRow } from 'pg';
import { escapeIdentifier, Client, Pool } from 'pg';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { clientConfig, DEFAULT_STATEMENT_TIMEOUT_MS } from './connection-settings.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { asStoreError, isSpent } from './errors.ts';
import { inTransaction, sessionOf } from './session.ts';
import type { Session, Statement, TransactionWork } from './session.ts';
import type { SqlValue } from './value-types.ts';

export type DatabaseSettings = ConnectionSettings & {
  /** Most connections open at once, dedicated ones apart. */
  readonly poolSize: number;
  /** False behind a pooler in transaction mode: statements are then sent without names. Default true. */
  readonly preparedStatements?: boolean | undefined;
  /** Where dedicated connections go when `url` leads to a pooler: LISTEN and advisory locks need a server of their own. */
  readonly directUrl?: string | undefined;
  /** Connections stay open however long nobody uses them. Default false: they are closed after 10 s. */
  readonly keepOpen?: boolean | undefined;
  /** Told of connections that broke while nobody used them. */
  readonly onError: (error: Error) => void;
};

export type PoolStats = { readonly total: number; readonly idle: number; readonly waiting: number };

/** A connection apart from the pool, held as long as its owner needs it. */
export type Connection = Session & {
  transaction<Answer>(work: TransactionWork<Answer>): Promise<Answer>;
  /** Calls `onMessage` with the payload of every notification on `channel`, from now until the connection ends. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<void>;
  /** Harmless when called twice. */
  close(): Promise<void>;
};

export type Database = Session & {
  /** All of `work` or nothing of it. The session is of no use after `work` has answered. */
  transaction<Answer>(work: TransactionWork<Answer>): Promise<Answer>;
  /**
   * Opens a connection of its own.
   * @param onLost called once when it ends without `close`; notifications may be missed from then on.
   */
  connection(onLost?: (error: Error) => void): Promise<Connection>;
  /**
   * `work` with a connection of its own, closed afterwards: session-level advisory locks end with it at the latest. Its statements
   * may take as long as they need, on both sides.
   */
  exclusive<Answer>(work: (connection: Connection) => Promise<Answer>): Promise<Answer>;
  stats(): PoolStats;
  /** Waits for running statements, then closes the pool; dedicated connections are closed by their owners. */
  close(): Promise<void>;
};

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Opens one connection outside any pool. `onLost` as in `Database.connection`. */
export async function openConnection(
  settings: ConnectionSettings,
  onLost: (error: Error) => void = () => undefined,
  prepared = true,
): Promise<Connection> {
  const client = new Client(clientConfig(settings));
  let closing = false;
  let failure: Error | undefined;
  client.on('error', (error) => {
    failure = error;
  });
  try {
    await client.connect();
  } catch (error) {
    throw asStoreError(error);
  }
  client.on('end', () => {
    if (!closing) onLost(asError(asStoreError(failure ?? new StoreUnavailable('the connection ended'))));
  });
  const session = sessionOf(client, prepared);
  return {
    ...session,
    transaction: (work) => inTransaction(client, session, work),
    async listen(channel, onMessage) {
      client.on('notification', (message) => {
        if (message.channel === channel) onMessage(message.payload ?? '');
      });
      await session.run(`listen ${escapeIdentifier(channel)}`);
    },
    async close() {
      if (closing) return;
      closing = true;
      await client.end();
    },
  };
}

/**
 * A pool of connections. Opens none before the first statement. Each one has the search path of all modules, UTC, a
 * statement timeout, and the role given.
 */
export function connectDatabase(settings: DatabaseSettings): Database {
  const prepared = settings.preparedStatements ?? true;
  const idle = settings.keepOpen === true ? { idleTimeoutMillis: 0 } : {};
  const pool = new Pool({ ...clientConfig(settings), ...idle, max: settings.poolSize });
  pool.on('error', settings.onError);
  // While a connection is lent out the pool does not listen to it, and an error that nobody hears ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const lent = async <Answer>(work: (client: PoolClient, session: Session) => Promise<Answer>): Promise<Answer> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw asStoreError(error);
    });
    let spent = false;
    try {
      return await work(client, sessionOf(client, prepared));
    } catch (error) {
      spent = isSpent(error);
      throw error;
    } finally {
      client.release(spent || client.getTransactionStatus() !== 'I');
    }
  };

  const open = (other: Partial<ConnectionSettings>, onLost?: (error: Error) => void): Promise<Connection> =>
    openConnection({ ...settings, url: settings.directUrl ?? settings.url, ...other }, onLost, prepared);

  return {
    rows: <Row extends QueryResultRow>(query: Statement, values?: readonly SqlValue[]) =>
      lent((_client, session) => session.rows<Row>(query, values)),
    run: (sql) => lent((_client, session) => session.run(sql)),
    transaction: (work) => lent((client, session) => inTransaction(client, session, work)),
    connection: (onLost) => open({}, onLost),
    async exclusive(work) {
      const own = await open({
        statementTimeoutMs: 0,
        idleTimeoutMs: settings.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS,
      });
      try {
        return await work(own);
      } finally {
        await own.close().catch(settings.onError);
      }
    },
    stats: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  };
}
