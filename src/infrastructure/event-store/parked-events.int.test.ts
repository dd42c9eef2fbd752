import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { BrokenInvariant } from '../../kernel/assert.ts';
import { context, event, newId, part } from './appends.suite.ts';
import { createParkedEvents, type ParkedEvents } from './parked-events.ts';
import { openScratchLog, type ScratchLog, type ScratchStore } from './scratch-log.suite.ts';
import { createSubscriptionTable } from './subscription-table.ts';
import { noting, openHost, until, type TestHost } from './subscription-host.suite.ts';

describeWithDatabase('events that cannot be handled', () => {
  let log: ScratchLog;
  let store: ScratchStore;
  let parkedEvents: ParkedEvents;
  let host: TestHost;
  let name = '';
  let head = 0;
  /** The stream whose events fail, and one whose events do not. */
  let [sick, sound] = ['', ''];
  beforeAll(async () => {
    log = await openScratchLog();
    store = await log.openStore();
    parkedEvents = createParkedEvents(log.connect('test-operator', 1));
  });
  afterAll(() => log?.close());
  beforeEach(async () => {
    name = `test.${newId()}`;
    [sick, sound] = [newId(), newId()];
    head = await store.headPosition();
    host = openHost(log, store);
    for (const streamId of [sick, sick, sound, sick, sound]) await append(streamId);
  });
  afterEach(() => host.close());

  const append = (streamId: string) => store.append({ streams: [part(streamId, 'any', [event()])], context });
  const places = async () =>
    (await parkedEvents.list(name)).map(({ position, attempts }) => [position - head, attempts]);
  /** Starts a reader from the events of this test on; `isWell` tells whether the sick stream's events succeed now. */
  async function start(isWell: () => boolean) {
    const tried: number[] = [];
    const table = createSubscriptionTable(log.connect('test-before', 1), 'before');
    const lease = await table.acquire(name, 1000);
    await table.checkpoint(name, lease?.fence ?? 0, head, 1000);
    await table.release(name, lease?.fence ?? 0);
    const { seen, handle } = noting(({ meta }) => {
      tried.push(meta.position - head);
      if (meta.streamId === sick && !isWell()) throw new BrokenInvariant('poison \0 \ud800');
    });
    host.start({ name, handle, attempts: 2 });
    return { tried, handled: () => seen.map((position) => position - head) };
  }

  test('are parked after their tries, later ones of the aggregate wait behind them, others go on', async () => {
    const { tried, handled } = await start(() => false);
    await until('all is passed', () => handled().length === 2);
    expect(handled()).toEqual([3, 5]);
    expect(tried).toEqual([1, 1, 3, 5]);
    await append(sick);
    await until('the late one waits too', async () => (await places()).length === 4);
    expect(await places()).toEqual([
      [1, 2],
      [2, 0],
      [4, 0],
      [6, 0],
    ]);
    expect(await parkedEvents.counts()).toMatchObject({ [name]: 4 });
    const seen = (await parkedEvents.overview()).find(({ subscription }) => subscription === name);
    expect(seen).toEqual({ subscription: name, events: 4, sinceMs: expect.any(Number) as number });
    expect(Math.abs((seen?.sinceMs ?? 0) - performance.timeOrigin - performance.now())).toBeLessThan(60_000);
    const [first, second] = await parkedEvents.list(name);
    expect(first).toMatchObject({
      subscription: name,
      aggregateId: sick,
      error: 'BrokenInvariant: poison  ',
      retryWanted: false,
    });
    expect(second?.error).toBe('waits behind a parked event');
    expect(host.errors.map(({ position, parked }) => [(position ?? 0) - head, parked])).toEqual([
      [1, false],
      [1, true],
    ]);
  });

  test('are tried again in order when an operator asks, and nothing is left behind', async () => {
    let isWell = false;
    const { handled } = await start(() => isWell);
    await until('all is passed', () => handled().length === 2);
    isWell = true;
    expect(await parkedEvents.retry(name, head + 1)).toBe(true);
    await until('they are handled', () => handled().length === 5);
    expect(handled()).toEqual([3, 5, 1, 2, 4]);
    await until('nothing is parked', async () => (await places()).length === 0);
    await append(sick);
    await until('the aggregate goes on', () => handled().at(-1) === 6);
    expect(await parkedEvents.retry(name, head + 1)).toBe(false);
    expect(await parkedEvents.skip(name, head + 99)).toBe(false);
  });

  test('that fail again stay parked, and those behind them too', async () => {
    const { tried, handled } = await start(() => false);
    await until('all is passed', () => handled().length === 2);
    await parkedEvents.retry(name, head + 2);
    await until('it was tried', async () => (await places())[0]?.[1] === 4);
    await until('the retry ended', async () =>
      (await parkedEvents.list(name)).every(({ retryWanted }) => !retryWanted),
    );
    expect(await places()).toEqual([
      [1, 4],
      [2, 0],
      [4, 0],
    ]);
    expect(tried).toEqual([1, 1, 3, 5, 1, 1]);
  });

  test('can be given up: those behind them are tried', async () => {
    let broken = true;
    const { handled } = await start(() => !broken);
    await until('all is passed', () => handled().length === 2);
    broken = false;
    expect(await parkedEvents.skip(name, head + 1)).toBe(true);
    await until('the others are handled', () => handled().length === 4);
    expect(handled()).toEqual([3, 5, 2, 4]);
    expect(await parkedEvents.skip(name, head + 1)).toBe(false);
  });

  test('cannot be parked, closed or checkpointed by a former owner', async () => {
    const [former, next] = ['former', 'next'].map((owner) =>
      createSubscriptionTable(log.connect(`test-${owner}`, 1), owner),
    );
    const [stored] = await store.read(head, 1);
    if (former === undefined || next === undefined || stored === undefined) return expect.unreachable();
    const old = await former.acquire(name, 1);
    await until('the lease has run out', async () => (await next.acquire(name, 60_000)) !== null);
    const fence = old?.fence ?? 0;
    expect(await former.park(name, fence, stored, 'x', 1)).toBe(false);
    expect(await former.resolve(name, fence, stored.position)).toBe(false);
    expect(await former.checkpoint(name, fence, 1_000_000, 1000)).toBe(false);
    await former.release(name, fence);
    expect(await former.acquire(name, 1000)).toBeNull();
    expect(await places()).toEqual([]);
  });
});
