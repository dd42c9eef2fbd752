import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Append, AppendOutcome } from '../../kernel/event-store.ts';
import { sqlStateOf } from '../postgres/errors.ts';
import { statement } from '../postgres/session.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import { registerProjections } from './projections.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { openToyProjection, toyProjection } from './toy-projection.suite.ts';

const KILL = statement(
  'test.kill',
  'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()',
);

const COUNTS = statement(
  'test.counts',
  'select count(*) as events, count(distinct id) as ids, max(position) as last from store.event',
);

const withType = (type: string): Append => ({ streams: [part(newId(), 'none', [event(type)])], context });

describeWithDatabase('a flush', () => {
  let log: ScratchLog;
  let store: ScratchStore;
  beforeAll(async () => {
    log = await openScratchLog(openToyProjection);
    await registerProjections(log.owner, [toyProjection]);
    store = await log.openStore();
  });
  afterAll(() => log?.close());

  const kill = (): Promise<unknown[]> => log.owner.rows(KILL, [store.writerName]);

  test('with an event whose inline projection fails refuses that append alone', async () => {
    const sent = Array.from({ length: 40 }, (_, index) =>
      index === 17 ? withType('ToyBroken') : withType('ToyCounted'),
    );
    const answers = await Promise.allSettled(sent.map((append) => store.append(append)));
    const rejected = answers.flatMap((answer, index) => (answer.status === 'rejected' ? [index] : []));
    expect(rejected).toEqual([17]);
    const fulfilled = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(fulfilled.every(({ outcome }) => outcome === 'stored')).toBe(true);
    expect((await store.load(sent[17]?.streams[0]?.streamId ?? '')).version).toBe(0);
    expect(await toyCount()).toBe(39);
  });

  test('with an event the columns cannot hold refuses that append alone', async () => {
    // Nothing that gets past the checks of the program is known to fail here, so the table is made narrower.
    await log.owner.run(`alter table store.event add constraint narrow check (actor <> 'too wide') not valid`);
    const bad = one(newId(), 'none', 1, { context: { ...context, actor: 'too wide' } });
    const answers = await Promise.allSettled(
      [one(newId(), 'none'), bad, one(newId(), 'none')].map((each) => store.append(each)),
    );
    await log.owner.run('alter table store.event drop constraint narrow');
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(answers[1]).toMatchObject({ reason: { code: '23514' } });
  });

  test('leaves an append decided on a failed one unstored', async () => {
    const streamId = newId();
    const token = {};
    const failing: Append = { ...withType('ToyBroken'), chain: { token, after: [] } };
    const orphan = one(streamId, 'any', 1, { chain: { token: {}, after: [token] } });
    const [failed, answer] = await Promise.allSettled([store.append(failing), store.append(orphan)]);
    expect(failed.status).toBe('rejected');
    expect(answer).toMatchObject({ value: { outcome: 'version_conflict' } });
    expect((await store.load(streamId)).version).toBe(0);
  });

  test('a lost connection in the middle of work costs no answer and stores nothing twice', async () => {
    const streams = Array.from({ length: 24 }, newId);
    const answered = new Map<string, { readonly append: Append; readonly outcome: AppendOutcome }>();
    let isOver = false;
    const appending = Promise.all(
      streams.map(async (streamId) => {
        for (let version = 0; !isOver;) {
          const append = one(streamId, version === 0 ? 'none' : version, 1 + (version % 3), { commandId: newId() });
          const outcome = await store.append(append);
          answered.set(append.commandId ?? '', { append, outcome });
          expect(['stored', 'already_stored']).toContain(outcome.outcome);
          version += append.streams[0]?.events.length ?? 0;
        }
      }),
    );
    // Between two kills there is time for some work, however slow the machine is.
    for (let kills = 0, size = 0; kills < 30; size = answered.size) {
      while (answered.size < size + streams.length) await sleep(3);
      kills += (await kill()).length;
    }
    isOver = true;
    await appending;
    expect(answered.size).toBeGreaterThan(streams.length);
    for (const { append, outcome } of answered.values()) {
      const [own] = append.streams;
      const stored = await store.read(
        outcome.outcome === 'stored' || outcome.outcome === 'already_stored' ? outcome.firstPosition - 1 : 0,
        own?.events.length ?? 0,
      );
      expect(stored.map(({ id }) => id)).toEqual(own?.events.map(({ id }) => id));
    }
    const [counts] = await log.owner.rows<{ events: number; ids: number; last: number }>(COUNTS);
    expect(counts?.events).toBe(counts?.last);
  }, 120_000);

  test('a full queue refuses at once, and takes appends again afterwards', async () => {
    const narrow = await log.openStore({ maxQueued: 5 });
    const lock = await log.owner.connection();
    await lock.run('begin; select from store.head for update');
    const first = narrow.append(one(newId(), 'none'));
    await sleep(20);
    const waiting = Array.from({ length: 5 }, () => narrow.append(one(newId(), 'none')));
    expect(narrow.pendingAppends()).toBe(6);
    await expect(narrow.append(one(newId(), 'none'))).rejects.toThrow('too many appends are waiting');
    await lock.run('rollback');
    await lock.close();
    expect((await Promise.all([first, ...waiting])).map(({ outcome }) => outcome)).toEqual(Array(6).fill('stored'));
    expect((await narrow.append(one(newId(), 'none'))).outcome).toBe('stored');
  });

  test('closing waits for what was accepted and refuses the rest', async () => {
    const closing = await log.openStore({ maxEvents: 3 });
    const accepted = Array.from({ length: 20 }, () => closing.append(one(newId(), 'none')));
    const closed = closing.close().then(() => 'closed');
    await expect(closing.append(one(newId(), 'none'))).rejects.toThrow('the store is closing');
    const settled = Promise.all(accepted).then(() => 'settled');
    expect(await Promise.race([closed, settled])).toBe('settled');
    expect(await closed).toBe('closed');
    expect(closing.pendingAppends()).toBe(0);
  });

  test('that nobody answers in time is reported as unavailable', async () => {
    const impatient = await log.openStore({ patienceMs: 100 });
    const name = impatient.writerName;
    const killing = setInterval(() => void log.owner.rows(KILL, [name]), 5);
    const lock = await log.owner.connection();
    await lock.run('begin; select from store.head for update');
    const [answer] = await Promise.allSettled([impatient.append(one(newId(), 'none'))]);
    clearInterval(killing);
    await lock.run('rollback');
    await lock.close();
    expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } });
    expect(sqlStateOf(answer.status === 'rejected' ? answer.reason : null) ?? '57P01').toMatch(/^57/);
  });

  async function toyCount(): Promise<number> {
    const [row] = await log.owner.rows<{ total: number }>(
      statement('test.toy-total', 'select coalesce(sum(counted), 0)::bigint as total from toy.counts'),
    );
    return row?.total ?? -1;
  }
});
