import type { HeapProfiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { setImmediate } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../postgres/session.ts';
import { newId, one } from './appends.suite.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { openToyProjection, toyProjection } from './toy-projection.suite.ts';
import { registerProjections } from './projections.ts';

/**
 * What storing costs, guarded where the machine is busy and slow: by what is counted, and by a ratio whose margin is wide. Where
 * it stands on a quiet machine is told by `npm run bench`.
 */
const CALLERS = 64;
/** What one after the other asks of the process, an append; measured 33 KiB. */
const MOST_KIBIBYTES = 60;
/** What an append and its one read model run inside the server; measured 9. */
const MOST_STATEMENTS = 12;
/**
 * How many appends 32 callers store while a bare row an insert is stored over eight connections. On a machine that others kept busy
 * 0.6 to 1.9, round by round.
 */
const LEAST_RATIO = 0.5;
const ROUNDS = 5;
const INSERTS = 300;

const PROJECT = statement('test.project', 'select store.project(1, 1, $1)');
const PATH = statement('test.path', `select current_setting('search_path') as path`);

const sizeOf = ({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number =>
  children.reduce((sum, child) => sum + sizeOf(child), selfSize);

/** Bytes that are allocated meanwhile, also those that are garbage by then, as a sample tells. */
async function allocatedBy(work: () => Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    // Node's types know the first of these only.
    const all = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
    await session.post('HeapProfiler.startSampling', { samplingInterval: 1024, ...all });
    await work();
    const { profile } = await session.post('HeapProfiler.stopSampling');
    return sizeOf(profile.head);
  } finally {
    session.disconnect();
  }
}

const store32 = async (store: ScratchStore): Promise<void> => {
  let left = INSERTS;
  const call = async (): Promise<void> => {
    for (; left > 0; left -= 1) await store.append(one(newId(), 'none'));
  };
  await Promise.all(Array.from({ length: 32 }, call));
};

const msOf = async (work: () => Promise<void>): Promise<number> => {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
};

describeWithDatabase('storing an event', () => {
  let log: ScratchLog;
  let store: ScratchStore;
  const flushes: number[] = [];
  beforeAll(async () => {
    log = await openScratchLog(openToyProjection);
    await registerProjections(log.owner, [toyProjection]);
    store = await log.openStore({ onFlush: ({ appends }) => flushes.push(appends) });
    await store32(store);
  });
  afterAll(() => log?.close());

  test(`takes ${CALLERS} callers at once two round trips at most`, async () => {
    flushes.length = 0;
    await Promise.all(Array.from({ length: CALLERS }, () => store.append(one(newId(), 'none'))));
    // A flush is told of after its callers have their answers.
    await setImmediate();
    expect(flushes.length).toBeLessThanOrEqual(2);
    expect(flushes.reduce((sum, appends) => sum + appends, 0)).toBe(CALLERS);
  });

  test('plans what read models listen to once: each call leaves the search path as it found it', async () => {
    const path = await log.owner.transaction(async (sql) => {
      await sql.run('set local search_path = store, pg_temp');
      await sql.rows(PROJECT, [toyProjection.eventTypes]);
      return sql.rows(PATH);
    });
    expect(path).toEqual([{ path: 'store, pg_temp' }]);
  });

  test('allocates little', async () => {
    const times = 200;
    const bytes = await allocatedBy(async () => {
      for (let count = 0; count < times; count += 1) await store.append(one(newId(), 'none'));
    });
    expect(bytes / times / 1024).toBeLessThan(MOST_KIBIBYTES);
  });

  test('runs few statements inside the server', async () => {
    const client = new Client({ connectionString: log.url });
    await client.connect();
    let statements = 0;
    client.on('notice', ({ message = '' }) => {
      if (message.startsWith('duration:')) statements += 1;
    });
    try {
      const head = 'select position from store.head';
      const { rows } = await client.query<{ position: string }>(head);
      expect(Number(rows[0]?.position)).toBeGreaterThan(0);
      await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0;
        set auto_explain.log_nested_statements = on; set client_min_messages = log`);
      const id = newId();
      const body = {
        s: 1,
        id: newId(),
        a: 'Test',
        t: 'TestHappened',
        d: {},
        o: 0,
        p: null,
        co: 'x',
        ca: null,
        c: null,
      };
      await client.query(
        `select store.append($1, 1, 0, 0, array[$1::uuid], '{}', '{}', '{}', '{}', '{}', '{1,0,1,0,2,1,0,0,5,1,0,0}', $2,
           sha256('x'), '{TestHappened}', false)`,
        [id, JSON.stringify([{ ...body, ac: 'system', v: 1 }])],
      );
      expect(statements).toBeGreaterThan(5);
      expect(statements).toBeLessThanOrEqual(MOST_STATEMENTS);
    } finally {
      await client.end();
    }
  });

  test('is not far slower for 32 callers than bare rows that are inserted one by one over eight connections', async () => {
    await log.owner.run(
      'create table toy.bare (id uuid primary key, stream uuid, version int, data jsonb, unique (stream, version))',
    );
    const clients = Array.from({ length: 8 }, () => new Client({ connectionString: log.url }));
    await Promise.all(clients.map((client) => client.connect()));
    const text = `insert into toy.bare values ($1, $2, 1, '{"index":0}')`;
    const insert = async (): Promise<void> => {
      let left = INSERTS;
      const call = async (client: Client): Promise<void> => {
        for (; left > 0; left -= 1) await client.query({ name: 'bare', text, values: [newId(), newId()] });
      };
      await Promise.all(clients.map(call));
    };
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const bareMs = await msOf(insert);
      ratios.push(bareMs / (await msOf(() => store32(store))));
    }
    await Promise.all(clients.map((client) => client.end()));
    // The best of the rounds: what else the machine does can only make it look worse.
    expect(Math.max(...ratios)).toBeGreaterThan(LEAST_RATIO);
  });
});
