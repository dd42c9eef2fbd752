import type { QueryResultRow } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import type { Database } from '../postgres/database.ts';
import type { Statement } from '../postgres/session.ts';
import type { SqlValue } from '../postgres/value-types.ts';
import { context, event, newId, part } from './appends.suite.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';
import { createHeadReader, createLoader, createTypeReader } from './shared-reads.ts';
import { createSubscriptionTable } from './subscription-table.ts';
import { parseEvents } from './stored-tuples.ts';

/** As many as a process has flows. */
const READERS = 20;
const typeOf = (reader: number): string => `Test"${reader}`;

describeWithDatabase('what is asked of the log at the same time', () => {
  let log: ScratchLog;
  let database: Database;
  let asked: string[] = [];
  const streams = Array.from({ length: READERS }, newId);
  beforeAll(async () => {
    log = await openScratchLog();
    const store = await log.openStore();
    for (const [reader, streamId] of streams.entries()) {
      await store.append({ streams: [part(streamId, 'none', [event(typeOf(reader)), event('TestOther')])], context });
    }
    const pool = log.connect('test-shared');
    database = {
      ...pool,
      rows<Row extends QueryResultRow>(query: Statement, values?: readonly SqlValue[]): Promise<Row[]> {
        asked.push(query.name);
        return pool.rows<Row>(query, values);
      },
    };
  });
  afterAll(() => log?.close());
  beforeEach(() => {
    asked = [];
  });

  const allReaders = <Answer>(ask: (reader: number) => Promise<Answer>): Promise<readonly Answer[]> =>
    Promise.all(streams.map((_, reader) => ask(reader)));

  test('is where it is: one statement tells all', async () => {
    const head = createHeadReader(database);
    expect(await allReaders(head)).toEqual(streams.map(() => 2 * READERS));
    expect(asked).toEqual(['store.head']);
  });

  test('is the events of some types each: one statement, and each gets its own', async () => {
    const read = createTypeReader(database);
    const events = await allReaders((reader) => read(0, 10, [typeOf(reader), 'TestNever']));
    expect(events.map((own) => own.map(({ position, type }) => [position, type]))).toEqual(
      streams.map((_, reader) => [[2 * reader + 1, typeOf(reader)]]),
    );
    expect(asked).toEqual(['store.read-types']);
  });

  test('is events from different places on, and no more than each wants', async () => {
    const read = createTypeReader(database);
    const events = await allReaders((reader) => read(reader, 1 + (reader % 2), ['TestOther']));
    expect(events.map((own) => own.map(({ position }) => position))).toEqual(
      streams.map((_, reader) => {
        const next = 2 * Math.floor(reader / 2) + 2;
        return [next, next + 2].slice(0, 1 + (reader % 2)).filter((position) => position <= 2 * READERS);
      }),
    );
    expect(asked).toEqual(['store.read-types']);
  });

  test('is a stream each: one statement, and each gets its own', async () => {
    const loader = createLoader(database);
    const rows = await allReaders((reader) =>
      loader.submit({ streamId: streams[reader] ?? '', afterVersion: reader % 2, lastVersion: 2 }),
    );
    expect(rows.map((row) => parseEvents([row]).map(({ streamId, version }) => [streamId, version]))).toEqual(
      streams.map((streamId, reader) => (reader % 2 === 0 ? [1, 2] : [2]).map((version) => [streamId, version])),
    );
    expect(asked).toEqual(['store.load']);
  });

  test('is not held back by what takes long, nor fails with it', async () => {
    let release = (): void => undefined;
    const isSlow = new Promise<void>((resolve) => (release = resolve));
    const slowly: Database = {
      ...database,
      async rows<Row extends QueryResultRow>(query: Statement, values: readonly SqlValue[] = []): Promise<Row[]> {
        if (String(values[0]).includes('9000')) {
          await isSlow;
          // Too long for the server, with whatever travels along.
          return database.transaction(async (session) => {
            await session.run('set local statement_timeout = 1');
            return session.rows<Row>({ name: 'test.too-long', text: 'select pg_sleep(9)' });
          });
        }
        return database.rows<Row>(query, values);
      },
    };
    const read = createTypeReader(slowly);
    const [tooMuch, beside] = [read(9000, 1, ['TestOther']), read(0, 1, ['TestOther'])];
    await new Promise((resolve) => setImmediate(resolve));
    expect((await read(2, 1, ['TestOther'])).map(({ position }) => position)).toEqual([4]);
    release();
    await expect(tooMuch).rejects.toThrow(StoreUnavailable);
    expect((await beside).map(({ position }) => position)).toEqual([2]);
  });

  test('is what was put aside: one statement for all flows', async () => {
    const table = createSubscriptionTable(database, 'test');
    expect(await allReaders((reader) => table.parked(`flow.${reader}`))).toEqual(streams.map(() => new Map()));
    expect(asked).toEqual(['store.parked-aggregates']);
  });
});
