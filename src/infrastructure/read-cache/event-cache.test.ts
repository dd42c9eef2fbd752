import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Append, EventStore, StoredEvent } from '../../kernel/event-store.ts';
import type { CacheTopic } from '../../kernel/read-cache.ts';
import { createRandom } from '../../../test/support/random.ts';
import { createLayeredEntries, createMemoryEntries, type Entries } from './entries.ts';
import { describeEntries } from './entries-contract.ts';
import { createEventCache, type EventCache } from './event-cache.ts';

let made = 0;
const memory = createMemoryEntries();
describeEntries(
  'by a process',
  () => memory,
  () => `key-${(made += 1)}`,
);

const broken: Entries = {
  get: () => Promise.reject(new Error('away')),
  put: () => Promise.reject(new Error('away')),
};
const layered = createLayeredEntries(createMemoryEntries(), broken);
describeEntries(
  'near, while the far ones are away',
  () => layered,
  () => `key-${(made += 1)}`,
);

const PARKS: CacheTopic = { name: 'parks', eventTypes: ['ParkEdited', 'HolidaysSet'], isShared: true };
const PLACES: CacheTopic = { name: 'places', eventTypes: ['TicketHeld'], isShared: false };

type Event = Pick<StoredEvent, 'type' | 'parkId'>;

/** A log that tests append to, and the caches of processes that follow it. */
function createLog() {
  const events: StoredEvent[] = [];
  let [wake, isAway] = [(): void => undefined, false];
  const asked = { reads: 0 };
  const log = {
    headPosition: async () => {
      if (isAway) throw new Error('away');
      return events.length;
    },
    read: async (after: number, limit: number, types: readonly string[] = []) => {
      asked.reads += 1;
      return events.filter(({ position, type }) => position > after && types.includes(type)).slice(0, limit);
    },
  };
  const wakeups = {
    next: (atMostMs: number) =>
      Promise.race([sleep(Math.min(atMostMs, 5)), new Promise<void>((resolve) => (wake = resolve))]),
  };
  return {
    log,
    wakeups,
    asked,
    setAway: (away: boolean) => (isAway = away),
    /** As after a restore: the newest events are gone. */
    cutTo: (length: number) => events.splice(length),
    append({ type, parkId }: Event) {
      events.push({ type, parkId, position: events.length + 1 } as StoredEvent);
      wake();
      return events.length;
    },
  };
}

/** What a process stores when it edits a park. */
const EDIT: Append = {
  streams: [
    {
      streamId: 'x',
      aggregateType: 'Park',
      expected: 'any',
      events: [{ id: 'x', type: 'ParkEdited', schemaVersion: 1, data: {} }],
    },
  ],
  context: { actor: 'system', correlationId: 'x', occurredAtMs: 0, parkId: 'one' },
};

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function startCache(from: ReturnType<typeof createLog>, entries = createMemoryEntries()) {
  const time = { nowMs: 0 };
  const errors: unknown[] = [];
  const cache: EventCache = createEventCache({
    entries,
    topics: [PARKS, PLACES],
    monotonicMs: () => time.nowMs,
    onError: (error) => errors.push(error),
  });
  const started = cache.start(from.log, from.wakeups);
  ends.push(() => started.stop());
  return { cache, time, errors };
}

/** A question that counts how often it was asked in earnest. */
function question(answer: () => unknown) {
  const asked = { times: 0 };
  return {
    asked,
    load: async () => {
      asked.times += 1;
      return answer();
    },
  };
}

test('an answer is kept until an event of its topic and park says that it may be another', async () => {
  const from = createLog();
  const { cache } = startCache(from);
  await sleep(20);
  const { asked, load } = question(() => 'card');
  const ask = (parkId: string) => cache.through(PARKS, parkId, 'card', load);
  await ask('one');
  await ask('one');
  await ask('other');
  expect(asked.times).toBe(2);
  from.append({ type: 'ParkEdited', parkId: 'one' });
  await sleep(20);
  await ask('one');
  await ask('other');
  expect(asked.times).toBe(3);
  from.append({ type: 'TicketHeld', parkId: 'one' });
  await sleep(20);
  await ask('one');
  expect(asked.times).toBe(3);
  from.append({ type: 'HolidaysSet', parkId: null });
  await sleep(20);
  await ask('one');
  await ask('other');
  expect(asked.times).toBe(5);
});

test('a question about all parks is asked again after an event of any of them', async () => {
  const from = createLog();
  const { cache } = startCache(from);
  await sleep(20);
  const { asked, load } = question(() => ['one', 'other']);
  await cache.through(PARKS, null, 'all', load);
  from.append({ type: 'ParkEdited', parkId: 'other' });
  await sleep(20);
  await cache.through(PARKS, null, 'all', load);
  expect(asked.times).toBe(2);
});

test('many who ask at once are answered by one question, and a failure is nobody else’s later', async () => {
  const from = createLog();
  const { cache } = startCache(from);
  await sleep(20);
  let fails = true;
  const { asked, load } = question(() => {
    if (fails) throw new Error('no answer');
    return 'answer';
  });
  const askMany = () => Promise.allSettled(Array.from({ length: 50 }, () => cache.through(PARKS, 'one', 'card', load)));
  expect(new Set((await askMany()).map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(asked.times).toBe(1);
  fails = false;
  expect(new Set((await askMany()).map(({ status }) => status))).toEqual(new Set(['fulfilled']));
  expect(asked.times).toBe(2);
});

test('what this process stores is seen at once, before the log has told it', async () => {
  const from = createLog();
  const { cache } = startCache(from);
  await sleep(20);
  const store = cache.watching({
    append: async () => ({ outcome: 'stored', firstPosition: 7, lastPosition: 7 }),
  } as unknown as EventStore);
  let price = 1;
  const { load } = question(() => price);
  expect(await cache.through(PARKS, 'one', 'price', load)).toBe(1);
  price = 2;
  await store.append(EDIT);
  expect(await cache.through(PARKS, 'one', 'price', load)).toBe(2);
});

test('what this process stored is not read again, what others stored between is', async () => {
  const from = createLog();
  const { cache } = startCache(from);
  await sleep(20);
  const store = cache.watching({
    append: async () => {
      const position = from.append({ type: 'ParkEdited', parkId: 'one' });
      return { outcome: 'stored', firstPosition: position, lastPosition: position };
    },
  } as unknown as EventStore);
  const edit = () => store.append(EDIT);
  for (let times = 0; times < 5; times += 1) await edit();
  await sleep(20);
  expect(from.asked.reads).toBe(0);
  const { asked, load } = question(() => 'card');
  await cache.through(PARKS, 'other', 'card', load);
  await edit();
  from.append({ type: 'ParkEdited', parkId: 'other' });
  await edit();
  await sleep(20);
  expect(from.asked.reads).toBe(1);
  await cache.through(PARKS, 'other', 'card', load);
  expect(asked.times).toBe(2);
});

test('without sight of the log nothing is kept, from the start on and whenever it is lost', async () => {
  const from = createLog();
  from.setAway(true);
  const { cache, time, errors } = startCache(from);
  const { asked, load } = question(() => 'card');
  const ask = () => cache.through(PARKS, 'one', 'card', load);
  await ask();
  await ask();
  expect(asked.times).toBe(2);
  from.setAway(false);
  await sleep(30);
  await ask();
  await ask();
  expect(asked.times).toBe(3);
  from.setAway(true);
  await sleep(20);
  time.nowMs += 2001;
  await ask();
  await ask();
  expect(asked.times).toBe(5);
  expect(errors.length).toBeGreaterThan(0);
});

test('after the log went back nothing of before is told, whatever its positions', async () => {
  const from = createLog();
  const { cache } = startCache(from);
  await sleep(20);
  let answer = 'before';
  const ask = () => cache.through(PARKS, 'one', 'card', async () => answer);
  for (let place = 0; place < 3; place += 1) from.append({ type: 'ParkEdited', parkId: 'one' });
  await sleep(20);
  expect(await ask()).toBe('before');
  from.cutTo(1);
  answer = 'restored';
  await sleep(20);
  expect(await ask()).toBe('restored');
  answer = 'edited';
  for (let place = 0; place < 2; place += 1) from.append({ type: 'ParkEdited', parkId: 'one' });
  await sleep(20);
  expect(await ask()).toBe('edited');
});

test('far answers that hang cost some questions a little, and then none', async () => {
  let asked = 0;
  const hang = async (): Promise<never> => {
    asked += 1;
    await sleep(20);
    throw new Error('too slow');
  };
  const slow: Entries = { get: hang, put: hang };
  const entries = createLayeredEntries(createMemoryEntries(), slow);
  for (let index = 0; index < 100; index += 1) {
    expect(await entries.get(`key-${index}`)).toBeUndefined();
    await entries.put(`key-${index}`, index);
    expect(await entries.get(`key-${index}`)).toBe(index);
  }
  expect(asked).toBeLessThan(10);
});

test.each([1, 2, 3, 4, 5])(
  'of several processes with one store of answers none tells what is older than what it has seen (seed %i)',
  async (seed) => {
    const random = createRandom(seed);
    const from = createLog();
    const shared = createMemoryEntries();
    const caches = [startCache(from, shared).cache, startCache(from, shared).cache];
    await sleep(20);
    let edits = 0;
    const load = async () => {
      const answer = edits;
      await sleep(random() * 3);
      return answer;
    };
    const faults: string[] = [];
    async function reader(cache: EventCache): Promise<void> {
      for (let round = 0; round < 60; round += 1) {
        const seen = edits;
        await sleep(15);
        const told = await cache.through(PARKS, 'one', 'edits', load);
        if (told < seen) faults.push(`told ${told} after ${seen}`);
      }
    }
    async function writer(): Promise<void> {
      for (let round = 0; round < 100; round += 1) {
        edits += 1;
        from.append({ type: 'ParkEdited', parkId: 'one' });
        await sleep(random() * 8);
      }
    }
    await Promise.all([...caches.map(reader), writer()]);
    expect(faults).toEqual([]);
  },
);
