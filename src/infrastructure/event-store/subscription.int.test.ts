import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { StoreUnavailable, type EventStore } from '../../kernel/event-store.ts';
import { statement } from '../postgres/session.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { noting, openHost, until, type TestHost } from './subscription-host.suite.ts';

const CHECKPOINT = statement('test.checkpoint', 'select position, fence from store.subscription where name = $1');
const KILL = statement(
  'test.kill-named',
  'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()',
);

const subscriber = fileURLToPath(new URL('./subscriber-process.suite.ts', import.meta.url));

describeWithDatabase('a subscription', () => {
  let log: ScratchLog;
  let store: ScratchStore;
  let hosts: TestHost[] = [];
  let name = '';
  let head = 0;
  beforeAll(async () => {
    log = await openScratchLog();
    store = await log.openStore();
  });
  afterAll(() => log?.close());
  beforeEach(async () => {
    name = `test.${newId()}`;
    head = await store.headPosition();
  });
  afterEach(async () => {
    const opened = hosts;
    hosts = [];
    for (const each of opened) await each.close();
  });

  const host = (read: Pick<EventStore, 'read' | 'headPosition'> = store): TestHost => {
    const opened = openHost(log, read);
    hosts.push(opened);
    return opened;
  };
  const append = (count: number) => store.append(one(newId(), 'none', count));
  const startAt = (position: number): Promise<void> =>
    log.owner.run(`insert into store.subscription (name, position) values ('${name}', ${position})`);
  const checkpoint = async () => (await log.owner.rows<{ position: number; fence: number }>(CHECKPOINT, [name]))[0];
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index);

  test('gets every event in order, those of before its start and those of after', async () => {
    await append(700);
    const { seen, handle } = noting();
    const subscription = host().start({ name, handle });
    await until('the old ones are handled', () => seen.at(-1) === head + 700);
    await Promise.all(Array.from({ length: 20 }, () => append(3)));
    await until('the new ones are handled', () => seen.at(-1) === head + 760);
    expect(seen).toEqual(range(1, head + 760));
    expect(subscription.leading()).toBe(true);
    await subscription.stop();
    expect(subscription.leading()).toBe(false);
    expect((await checkpoint())?.position).toBe(head + 760);
  });

  test('of some types gets only those, and its checkpoint passes over the others', async () => {
    const types = ['TestOther', 'TestHappened', 'TestOther', 'TestHappened', 'TestHappened'];
    await store.append({
      streams: [
        part(
          newId(),
          'none',
          types.map((type) => event(type)),
        ),
      ],
      context,
    });
    const { seen, handle } = noting();
    const subscription = host().start({ name, handle, eventTypes: ['TestOther'], batchSize: 1 });
    await until('all is read', () => subscription.position() === head + 5);
    expect(seen.slice(-2)).toEqual([head + 1, head + 3]);
    await subscription.stop();
    expect((await checkpoint())?.position).toBe(head + 5);
  });

  test('started again goes on where it was', async () => {
    await append(5);
    const first = noting();
    const subscription = host().start({ name, handle: first.handle });
    await until('all is handled', () => first.seen.at(-1) === head + 5);
    await subscription.stop();
    await append(4);
    const second = noting();
    host().start({ name, handle: second.handle });
    await until('the rest is handled', () => second.seen.at(-1) === head + 9);
    expect(second.seen).toEqual(range(head + 6, head + 9));
  });

  test('is read by one process at a time; when that one stops another takes over without a gap', async () => {
    const [a, b] = [noting(), noting()];
    const first = host().start({ name, handle: a.handle });
    await until('the first leads', () => first.leading());
    const second = host().start({ name, handle: b.handle });
    await append(10);
    await until('all is handled', () => a.seen.at(-1) === head + 10);
    expect(b.seen).toEqual([]);
    await first.stop();
    await append(5);
    await until('the second goes on', () => b.seen.at(-1) === head + 15);
    expect(second.leading()).toBe(true);
    expect(b.seen).toEqual(range(head + 11, head + 15));
  });

  test('whose owner was paused beyond its lease is taken over, and the former owner moves nothing any more', async () => {
    await append(20);
    await startAt(head);
    const child = spawn(process.execPath, ['--import', 'tsx', subscriber, log.url, name, '600', '20']);
    let printed = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    try {
      await until('it is in its second batch', () => printed.includes(`took ${head + 7}\n`), 20_000);
      child.kill('SIGSTOP');
      const fence = (await checkpoint())?.fence ?? 0;
      const { seen, handle } = noting();
      const next = host().start({ name, handle, leaseMs: 60_000 });
      await until('the other process has caught up', () => seen.at(-1) === head + 20);
      // At least once: what the paused process had not yet reported is handled again.
      expect(seen[0]).toBe(head + 6);
      expect(seen).toEqual(range(head + 6, head + 20));
      expect((await checkpoint())?.fence).toBe(fence + 1);
      await until('that is saved', async () => (await checkpoint())?.position === head + 20);
      // Behind what the paused process has reached, so that its report would show.
      await log.owner.run(`update store.subscription set position = ${head + 1} where name = '${name}'`);

      const before = printed.length;
      child.kill('SIGCONT');
      await until('the paused process notices', () => printed.includes('lost'));
      // The event in its hands, and at most the one it had just begun.
      expect(printed.slice(before).match(/took/g)?.length ?? 0).toBeLessThan(3);
      expect((await checkpoint())?.position).toBe(head + 1);
      expect(next.leading()).toBe(true);
    } finally {
      child.kill('SIGKILL');
    }
  }, 60_000);

  test('keeps its lease while a handler takes longer than the lease', async () => {
    await append(2);
    await startAt(head);
    const slow = noting(() => sleep(900));
    const first = host().start({ name, handle: slow.handle, leaseMs: 300 });
    await until('it leads', () => first.leading());
    const other = noting();
    host().start({ name, handle: other.handle, leaseMs: 300 });
    await until('all is handled', () => slow.seen.length === 2);
    expect(slow.seen).toEqual([head + 1, head + 2]);
    expect(first.leading()).toBe(true);
    expect(other.seen).toEqual([]);
  });

  test('that cannot reach its store parks nothing and goes on when it is back', async () => {
    await append(3);
    let failures = 0;
    const { seen, handle } = noting(({ meta }) => {
      if (meta.position !== head + 2 || failures >= 2) return;
      failures += 1;
      throw new StoreUnavailable('away');
    });
    const reading = host();
    reading.start({ name, handle, attempts: 1 });
    await until('all is handled', () => seen.at(-1) === head + 3, 10_000);
    expect(failures).toBe(2);
    expect(reading.errors.some(({ parked }) => parked === true)).toBe(false);
    expect(
      await log.owner.rows(statement('test.parked', 'select from store.parked_event where subscription = $1'), [name]),
    ).toEqual([]);
    // What was handled before the trouble is not handled again.
    expect(seen.filter((position) => position === head + 1)).toHaveLength(1);
  });

  describe('hears of an event', () => {
    test('within a few milliseconds', async () => {
      const heardMs: number[] = [];
      let appendedAt = 0;
      const { seen, handle } = noting(() => void heardMs.push(performance.now() - appendedAt));
      host().start({ name, handle });
      await until('it has caught up', () => seen.at(-1) === head || head === 0);
      await sleep(100);
      heardMs.length = 0;
      for (let index = 0; index < 20; index += 1) {
        appendedAt = performance.now();
        await append(1);
        await until('it is handled', () => heardMs.length > index);
        await sleep(20);
      }
      // Polling alone would take 250 ms on average.
      expect(heardMs.toSorted((a, b) => a - b)[10]).toBeLessThan(100);
    });

    test('by polling when its LISTEN connection is killed, and by a new connection soon after', async () => {
      const { seen, handle } = noting();
      const reading = host();
      reading.start({ name, handle });
      await append(1);
      await until('it has caught up', () => seen.at(-1) === head + 1);
      expect(await log.owner.rows(KILL, [reading.listenerName])).toHaveLength(1);
      await until('the loss is told', () => reading.lost.length > 0);
      await append(1);
      await until('polling finds it', () => seen.at(-1) === head + 2, 900);
      const listening = statement(
        'test.listening',
        `select from pg_stat_activity where application_name = $1 and datname = current_database() and query like 'listen%'`,
      );
      await until(
        'it listens again',
        async () => (await log.owner.rows(listening, [reading.listenerName])).length === 1,
      );
      const woken = reading.wakeups.next(10_000);
      const startedAt = performance.now();
      await append(1);
      await woken;
      expect(performance.now() - startedAt).toBeLessThan(2000);
    });
  });
});
