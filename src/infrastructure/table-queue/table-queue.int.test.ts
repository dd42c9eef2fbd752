import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createManualClock } from '../clock.ts';
import { newId } from '../event-store/appends.suite.ts';
import { openScratchLog, type ScratchLog } from '../event-store/scratch-log.suite.ts';
import { statement } from '../postgres/session.ts';
import { createTableQueue } from './table-queue.ts';

const TABLE = `
  create schema post;
  create table post.letters (
    id uuid primary key, who text not null, created_at timestamptz not null, attempts integer not null default 0,
    next_try_at timestamptz, said text
  );
  create index on post.letters (who, next_try_at) where next_try_at is not null;
`;
const PUT = statement(
  'test.put',
  `insert into post.letters (id, who, created_at, next_try_at)
   select $1, $2, store.from_ms($3), store.from_ms($3)`,
);
const ALL = statement(
  'test.all',
  'select who, attempts, next_try_at is null as done, said from post.letters order by id',
);

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const queueOf = {
  table: 'post.letters',
  receiver: 'who',
  columns: [],
  recorded: 'said = $3',
  atOnce: 6,
  atOnceOfOne: 2,
  leaseMs: 60_000,
};
const never = new AbortController().signal;

describeWithDatabase('a queue in a table', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog(TABLE);
  });
  afterAll(() => log?.close());
  beforeEach(() => log.owner.run('truncate post.letters'));

  const queue = () => createTableQueue<{ readonly who: string }>(log.owner, clock, queueOf);
  async function put(who: string, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) await log.owner.rows(PUT, [newId(), who, clock.now()]);
  }
  const letters = () => log.owner.rows<{ who: string; attempts: number; done: boolean; said: string | null }>(ALL);

  /** A receiver that answers when it is let go. */
  function slow() {
    const waiting: (() => void)[] = [];
    return {
      hang: () => new Promise<void>((resolve) => waiting.push(resolve)),
      letGo: () => waiting.splice(0).forEach((resolve) => resolve()),
    };
  }

  test('tells what is still to be tried, and since when the oldest of it waits', async () => {
    const one = queue();
    expect(await one.backlog()).toEqual({ waiting: 0, oldestAtMs: null });
    const sinceMs = clock.now();
    await put('first', 1);
    clock.advance(1000);
    await put('second', 2);
    expect(await one.backlog()).toEqual({ waiting: 3, oldestAtMs: sinceMs });
    await one.workOff(never, ({ id, who }) => one.record(id, who === 'first' ? null : clock.now() + 60_000, ['tried']));
    expect(await one.backlog()).toEqual({ waiting: 2, oldestAtMs: sinceMs + 1000 });
  });

  test('a receiver that hangs takes its own turns, and another one is served meanwhile, also with what comes later', async () => {
    const { hang, letGo } = slow();
    const tried: string[] = [];
    const one = queue();
    await put('slow', 10);
    await put('fast', 20);
    const stopping = new AbortController();
    const working = one.workOff(stopping.signal, async ({ id, who }) => {
      tried.push(who);
      if (who === 'slow') await hang();
      await one.record(id, null, ['done']);
    });
    const served = (who: string) => tried.filter((name) => name === who).length;
    await expect.poll(() => served('fast'), { timeout: 5000 }).toBe(20);
    await put('fast', 3);
    await expect.poll(() => served('fast'), { timeout: 5000 }).toBe(23);
    expect(served('slow')).toBe(2);
    stopping.abort();
    letGo();
    expect(await working).toBe(25);
    const rows = await letters();
    expect(rows.filter(({ done, attempts }) => done && attempts === 1)).toHaveLength(25);
  });

  test('as many receivers that hang as there are turns hold up nobody who answers', async () => {
    const { hang, letGo } = slow();
    let answered = 0;
    const one = queue();
    for (const who of ['a', 'b', 'c']) await put(who, 10);
    clock.advance(1000);
    await put('fast', 5);
    const stopping = new AbortController();
    const working = one.workOff(stopping.signal, async ({ id, who }) => {
      if (who !== 'fast') return hang();
      await one.record(id, null, ['done']);
      answered += 1;
    });
    await expect.poll(() => answered, { timeout: 3000 }).toBe(5);
    stopping.abort();
    letGo();
    await working;
  });

  test('a receiver whose last try failed has one turn, and has its turns again when one went well', async () => {
    const { hang, letGo } = slow();
    const one = queue();
    await put('a', 10);
    const round = async (nextTryAtMs: number | null): Promise<number> => {
      const stopping = new AbortController();
      let underWay = 0;
      const working = one.workOff(stopping.signal, async ({ id }) => {
        underWay += 1;
        await hang();
        await one.record(id, nextTryAtMs, ['tried']);
      });
      await expect.poll(() => underWay).toBeGreaterThan(0);
      stopping.abort();
      letGo();
      await working;
      return underWay;
    };
    expect(await round(clock.now() + 3_600_000)).toBe(2);
    expect(await round(clock.now() + 3_600_000)).toBe(1);
    expect(await round(null)).toBe(1);
    expect(await round(null)).toBe(2);
  });

  test('all receivers whose last try failed have half of the turns together', async () => {
    const { hang, letGo } = slow();
    const names = Array.from({ length: 12 }, (_, index) => `dead ${index}`);
    const one = queue();
    for (const who of names) await put(who, 5);
    const laterMs = clock.now() + 3_600_000;
    const tried: string[] = [];
    await one.workOff(never, async ({ id, who }) => {
      tried.push(who);
      await one.record(id, laterMs, ['away']);
    });
    expect(tried).toHaveLength(60);
    clock.advance(3_600_000);
    const stopping = new AbortController();
    let [hanging, answered] = [0, 0];
    const working = one.workOff(stopping.signal, async ({ id, who }) => {
      if (who !== 'fast') {
        hanging += 1;
        return hang();
      }
      await one.record(id, null, ['done']);
      answered += 1;
    });
    await expect.poll(() => hanging).toBe(3);
    await put('fast', 5);
    await expect.poll(() => answered, { timeout: 3000 }).toBe(5);
    expect(hanging).toBe(3);
    stopping.abort();
    letGo();
    await working;
  });

  test('no more are under way than may be, however many receivers there are', async () => {
    for (const who of ['a', 'b', 'c', 'd', 'e']) await put(who, 3);
    const one = queue();
    let [underWay, most] = [0, 0];
    const tried = await one.workOff(never, async ({ id }) => {
      most = Math.max(most, (underWay += 1));
      await one.record(id, null, ['done']);
      underWay -= 1;
    });
    expect([tried, most]).toEqual([15, 6]);
  });

  test('of two processes each message is tried by one', async () => {
    await put('a', 15);
    await put('b', 15);
    const tried: string[] = [];
    const both = [queue(), queue()].map((one) =>
      one.workOff(never, async ({ id }) => {
        tried.push(id);
        await one.record(id, null, ['done']);
      }),
    );
    await Promise.all(both);
    expect([tried.length, new Set(tried).size]).toEqual([30, 30]);
  });

  test('what was taken and not recorded is due again after a while, and what is recorded when it says so', async () => {
    await put('a', 1);
    const [dead, alive] = [queue(), queue()];
    expect(await dead.workOff(never, async () => undefined)).toBe(1);
    const again = () => alive.workOff(never, ({ id }) => alive.record(id, clock.now() + 5000, ['later']));
    clock.advance(59_999);
    expect(await again()).toBe(0);
    clock.advance(1);
    expect(await again()).toBe(1);
    clock.advance(4999);
    expect(await again()).toBe(0);
    clock.advance(1);
    expect(await again()).toBe(1);
    expect(await letters()).toEqual([{ who: 'a', attempts: 2, done: false, said: 'later' }]);
  });

  test('whoever is told to stop takes no more and waits for what is under way', async () => {
    await put('a', 5);
    const { hang, letGo } = slow();
    const stopping = new AbortController();
    let done = 0;
    const working = queue().workOff(stopping.signal, async () => {
      await hang();
      done += 1;
    });
    setTimeout(() => {
      stopping.abort();
      letGo();
    }, 50);
    expect(await working).toBe(2);
    expect(done).toBe(2);
  });

  test('an error of a try is told when the others are done', async () => {
    await put('a', 1);
    await put('b', 1);
    const one = queue();
    const working = one.workOff(never, async ({ id, who }) => {
      if (who === 'a') throw new Error('the database is away');
      await one.record(id, null, ['done']);
    });
    await expect(working).rejects.toThrow('the database is away');
    expect((await letters()).filter(({ done }) => done)).toHaveLength(1);
  });

  test('what is old is forgotten', async () => {
    await put('a', 3);
    const putAtMs = clock.now();
    clock.advance(1000);
    await put('a', 1);
    expect(await queue().forget(putAtMs + 1)).toBe(3);
    expect(await letters()).toHaveLength(1);
  });
});
