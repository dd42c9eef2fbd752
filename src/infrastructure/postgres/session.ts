import type { ClientBase, QueryResultRow } from 'pg';
import { assert } from '../../kernel/assert.ts';
import { asStoreError } from './errors.ts';
import type { SqlValue } from './value-types.ts';

/** A statement the server parses and plans once a connection. One name stands for one text in the whole program. */
export type Statement = { readonly name: string; readonly text: string };

/** @param name at most 63 bytes, `<module>.<what>`; it appears in pg_prepared_statements. */
export function statement(name: string, text: string): Statement {
  assert(Buffer.byteLength(name) <= 63, `statement name too long: ${name}`);
  return { name, text };
}

/**
 * Where statements run. Every method rejects with `StoreUnavailable` when the database cannot do the work now, and with
 * the driver's `DatabaseError` when it refuses the work itself.
 */
export type Session = {
  /** The rows a statement answers, as `value-types.ts` reads them. `Row` is what the statement selects, unchecked. */
  rows<Row extends QueryResultRow>(query: Statement, values?: readonly SqlValue[]): Promise<Row[]>;
  /** Runs SQL text without parameters, possibly several statements, and answers nothing. */
  run(sql: string): Promise<void>;
};

export type TransactionWork<Answer> = (session: Session) => Promise<Answer>;

/** @param prepared false behind a pooler that shares server connections between clients: statements then have no name. */
export function sessionOf(client: ClientBase, prepared: boolean): Session {
  return {
    async rows<Row extends QueryResultRow>(
      { name, text }: Statement,
      values: readonly SqlValue[] = [],
    ): Promise<Row[]> {
      try {
        const query = prepared ? { name, text, values: [...values] } : { text, values: [...values] };
        const { rows } = await client.query<Row, SqlValue[]>(query);
        return rows;
      } catch (error) {
        throw asStoreError(error);
      }
    },
    async run(sql) {
      try {
        await client.query(sql);
      } catch (error) {
        throw asStoreError(error);
      }
    },
  };
}

/** A session that refuses to work once its transaction is over: a forgotten `await` must not write outside of it. */
function guarded(session: Session): { readonly session: Session; readonly end: () => void } {
  let over = false;
  const check = (): void => assert(!over, 'a transaction was used after its end');
  return {
    session: {
      async rows<Row extends QueryResultRow>(query: Statement, values?: readonly SqlValue[]): Promise<Row[]> {
        check();
        return session.rows<Row>(query, values);
      },
      async run(sql) {
        check();
        await session.run(sql);
      },
    },
    end: () => {
      over = true;
    },
  };
}

async function commit(client: ClientBase): Promise<void> {
  try {
    const { command } = await client.query('commit');
    assert(command === 'COMMIT', 'a transaction failed inside and must not look committed');
  } catch (error) {
    throw asStoreError(error);
  }
}

/**
 * `work` between BEGIN and COMMIT; any error rolls back and is thrown on. An error of the server that `work` swallowed
 * fails the commit, for PostgreSQL then answers COMMIT with a silent ROLLBACK.
 */
export async function inTransaction<Answer>(
  client: ClientBase,
  session: Session,
  work: TransactionWork<Answer>,
): Promise<Answer> {
  await session.run('begin');
  const { session: inside, end } = guarded(session);
  let answer: Answer;
  try {
    answer = await work(inside);
  } catch (error) {
    // A failed rollback leaves the connection outside of status idle, and whoever owns it throws it away.
    await session.run('rollback').catch(() => undefined);
    throw error;
  } finally {
    end();
  }
  await commit(client);
  return answer;
}
