import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../postgres/session.ts';
import { newId, NOON_MS, one } from './appends.suite.ts';
import { Flush } from './flush.ts';
import { readBesideAppenders } from './live-reader.suite.ts';
import { prepareAppend } from './prepared-append.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';

const APPEND = statement(
  'test.append',
  'select store.append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)::text',
);
const NAIVE = statement('test.naive', 'select position from naive_event where position > $1 order by position');
const INSERT = statement('test.insert', 'insert into naive_event default values');

describeWithDatabase('a reader that knows only the last position it saw', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog('create table naive_event (position bigserial primary key)');
  });
  afterAll(() => log?.close());

  test('sees every event once beside 32 appenders on two processes', async () => {
    expect(await readBesideAppenders(20_000)).toEqual({ seen: 20_000, acknowledged: 20_000 });
  }, 120_000);

  test('misses an event for ever when positions are drawn before the commit, as from a sequence', async () => {
    const [slow, fast] = [await log.owner.connection(), await log.owner.connection()];
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      const rows = await log.owner.rows<{ position: number }>(NAIVE, [seen.at(-1) ?? 0]);
      seen.push(...rows.map(({ position }) => position));
    };
    await slow.run('begin');
    await slow.rows(INSERT);
    await fast.rows(INSERT);
    await read();
    await slow.run('commit');
    await read();
    await Promise.all([slow.close(), fast.close()]);
    const stored = await log.owner.rows<{ position: number }>(NAIVE, [0]);
    expect(stored.map(({ position }) => position)).toEqual([1, 2]);
    expect(seen).toEqual([2]);
  });

  test('misses nothing in the same schedule here: the second writer waits, positions follow the commits', async () => {
    const store = await log.openStore();
    const [slow, fast] = [await log.owner.connection(), await log.owner.connection()];
    const flush = () =>
      new Flush([prepareAppend(one(newId(), 'none'))]).arguments({
        writer: newId(),
        number: 1,
        voids: 0,
        nowMs: NOON_MS,
        checkIds: false,
      });
    await slow.run('begin');
    await slow.rows(APPEND, flush());
    const second = fast.rows(APPEND, flush());
    const order: string[] = [];
    void second.then(() => order.push('second stored'));
    expect(await store.read(0, 10)).toEqual([]);
    order.push('first commits');
    await slow.run('commit');
    await second;
    expect(order).toEqual(['first commits', 'second stored']);
    expect((await store.read(0, 10)).map(({ position }) => position)).toEqual([1, 2]);
    await Promise.all([slow.close(), fast.close()]);
  });
});
