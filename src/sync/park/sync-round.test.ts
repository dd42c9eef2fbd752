import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryNode, type MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { namesIn, newSigner, openTwoNodes, PARK, write, type TwoNodes, type Weather } from './two-nodes.suite.ts';

const NOW_MS = Date.parse('2026-12-05T06:00:00Z');
const newPark = (): MemoryNode => createMemoryNode({ clock: createManualClock(NOW_MS), nodeId: PARK });
const letters = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `n${from + index}`);

let world: TwoNodes;
const open = async (): Promise<TwoNodes> => (world = await openTwoNodes());
afterEach(() => world.close());

test('what a park wrote is at headquarters, what headquarters wrote for it is at the park, in order and once', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await write(park, 'Sold', letters(1200));
  await write(world.headquarters, 'PriceSet', letters(700));
  await write(world.headquarters, 'TicketTold', ['mine']);
  await write(world.headquarters, 'TicketTold', ['of another park'], 'osh');
  await write(world.headquarters, 'MoneyBooked', ['secret']);
  await world.until(sync, 'drained');
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(1200));
  expect(await namesIn(park, 'PriceSet')).toEqual(letters(700));
  expect(await namesIn(park, 'TicketTold')).toEqual(['mine']);
  expect(await namesIn(park, 'MoneyBooked')).toEqual([]);
  expect(world.states.at(-1)).toMatchObject({ verdict: 'ok', trouble: null, backlog: 0, lastContactMs: NOW_MS });
  expect(world.registry.contacts[0]).toMatchObject({ nodeId: PARK, verdict: 'ok', headSeq: 1200 });
  expect(world.registry.published).toContain('0a0a0a0a');
});

test('a park that writes all the time still hears what headquarters says', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await write(park, 'Sold', letters(3));
  await write(world.headquarters, 'PriceSet', ['one']);
  let pushes = 0;
  world.weather = async (path, ask) => {
    if (path === '/sync/v1/push') await write(park, 'Sold', letters(1, 3 + (pushes += 1)));
    return ask();
  };
  expect(await sync.round(new AbortController().signal)).toBe('drained');
  expect(pushes).toBe(1);
  expect(await namesIn(park, 'PriceSet')).toEqual(['one']);
});

test('a park that comes back with the work of days hears of it long before all is handed over', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  const days = 36;
  for (let day = 0; day < days; day += 1) await write(park, 'Sold', [`${day} ${'x'.repeat(1_000_000)}`]);
  await write(world.headquarters, 'PriceSet', ['one']);
  expect(await sync.round(new AbortController().signal)).toBe('turn_over');
  expect(await namesIn(park, 'PriceSet')).toEqual(['one']);
  const handedOver = (await namesIn(world.headquarters, 'Sold')).length;
  expect(handedOver).toBeLessThan(days);
  // No more is sealed ahead than a message had no room for, which is read once more when its turn comes; and the two days of each message that
  // came before the one it follows: when that is heard of the next one is under way, and both are sent again.
  expect((await park.replication.lastSealed())?.seq).toBeLessThanOrEqual(handedOver + 5);
  expect(world.pauses).toEqual([0]);
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toHaveLength(days);
});

test('a park tells what it could not handle, and headquarters that it is settled', async () => {
  await open();
  const sync = await world.startPark(newPark());
  world.parked = [{ subscription: 'flow.purchase', events: 3, sinceMs: NOW_MS - 60_000 }];
  await world.until(sync, 'drained');
  expect(world.registry.contacts.at(-1)).toMatchObject({ verdict: 'ok', parked: world.parked });
  world.parked = [];
  world.clock.advance(30_000);
  await world.until(sync, 'drained');
  expect(world.registry.contacts.at(-1)).toMatchObject({ parked: [] });
});

test('lost answers and bodies that come twice change nothing', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await write(park, 'Sold', letters(600));
  await write(world.headquarters, 'PriceSet', letters(600));
  let calls = 0;
  world.weather = async (_path, ask) => {
    calls += 1;
    if (calls % 7 === 3) {
      await (await ask()).arrayBuffer();
      throw new Error('the answer was lost');
    }
    if (calls % 5 === 0) await (await ask()).arrayBuffer();
    return ask();
  };
  await world.until(sync, 'drained');
  world.weather = (_path, ask) => ask();
  await world.until(sync, 'drained');
  expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(600));
  expect(await namesIn(park, 'PriceSet')).toEqual(letters(600));
});

test('an answer that is cut or changed on the way is none', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await write(world.headquarters, 'PriceSet', ['one']);
  const change =
    (edit: (bytes: Buffer) => Buffer): Weather =>
    async (path, ask) => {
      const answer = await ask();
      if (path !== '/sync/v1/pull') return answer;
      const bytes = edit(Buffer.from(await answer.arrayBuffer()));
      return new Response(new Uint8Array(bytes), {
        headers: { 'content-type': answer.headers.get('content-type') ?? '' },
      });
    };
  for (const edit of [
    (bytes: Buffer) => bytes.subarray(0, bytes.length / 2),
    (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('"one"', '"two"'), 'latin1'),
  ]) {
    world.weather = change(edit);
    expect(await sync.round(new AbortController().signal)).toBe('unreachable');
    expect(await namesIn(park, 'PriceSet')).toEqual([]);
  }
  expect(world.pauses.at(-1)).toBeGreaterThan(0);
});

test('pauses grow to a minute while headquarters is away, and nothing is thrown', async () => {
  await open();
  const sync = await world.startPark(newPark());
  world.weather = async () => {
    throw new Error('no network');
  };
  for (let round = 0; round < 10; round += 1) await sync.round(new AbortController().signal);
  expect(world.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  expect(world.states.at(-1)).toMatchObject({ verdict: 'unreachable', trouble: 'no network' });
});

test('what waits for headquarters is counted while it is away, after a restart too', async () => {
  await open();
  const park = newPark();
  const sync = await world.startPark(park);
  await write(park, 'Sold', letters(5));
  await world.until(sync, 'drained');
  world.weather = async () => {
    throw new Error('no network');
  };
  await write(park, 'Sold', letters(3, 5));
  await sync.round(new AbortController().signal);
  expect(world.states.at(-1)).toMatchObject({ verdict: 'unreachable', backlog: 3 });
  const again = await world.startPark(park);
  await write(park, 'Sold', letters(1, 8));
  await again.round(new AbortController().signal);
  expect(world.states.at(-1)).toMatchObject({ verdict: 'unreachable', backlog: 4 });
});

test('another key than the enrolled one proves nothing', async () => {
  await open();
  const park = newPark();
  await world.startPark(park);
  const thief = await world.startPark(park, newSigner());
  expect(await thief.round(new AbortController().signal)).toBe('trouble');
  expect(world.states.at(-1)?.verdict).toBe('unknown');
  expect(world.registry.contacts).toEqual([]);
});

test('a body that unpacks to too much, and one that is none, are refused before they cost anything', async () => {
  await open();
  const bomb = gzipSync(Buffer.alloc(100_000, 0x20));
  const packed = { 'content-type': 'application/gzip' };
  for (const path of ['/enrol', '/challenge', '/hello']) expect((await world.ask(path, bomb, packed)).status).toBe(413);
  expect((await world.ask('/hello', bomb.subarray(0, 50), packed)).status).toBe(400);
  expect((await world.ask('/hello', 'x'.repeat(100_000))).status).toBe(413);
});

test('whoever did not say hello has no body looked at', async () => {
  await open();
  for (const path of ['/push', '/pull', '/cards']) {
    expect((await world.ask(path, '{"nonce":')).status).toBe(400);
    expect((await world.ask(path, '{"nonce":', { 'sync-session': 'v.x.y' })).status).toBe(403);
  }
});

test('a node goes by no name that others could be taken for', async () => {
  await open();
  expect((await world.ask('/challenge', JSON.stringify({ nodeId: PARK }))).status).toBe(200);
  for (const nodeId of [`${PARK}\n9999999999999`, 'Park', '-park', '', 'p'.repeat(51)]) {
    expect((await world.ask('/challenge', JSON.stringify({ nodeId }))).status).toBe(400);
  }
});

test('whatever the network does, both logs end with the same events', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('sell' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ do: fc.constant('price' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ do: fc.constant('round' as const), count: fc.constant(1) }),
  );
  const weather = fc.array(fc.constantFrom('good', 'lost_question', 'lost_answer', 'twice', 'cut'), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), weather, async (steps, forecast) => {
      await open();
      const park = newPark();
      const sync = await world.startPark(park);
      let call = 0;
      world.weather = async (_path, ask) => {
        const today = forecast[(call += 1) % forecast.length];
        if (today === 'lost_question') throw new Error('lost');
        const answer = await ask();
        if (today === 'good') return answer;
        const text = await answer.text();
        if (today === 'lost_answer') throw new Error('lost');
        return today === 'twice' ? ask() : new Response(text.slice(0, 40), { status: 200 });
      };
      let [sold, priced] = [0, 0];
      for (const { do: what, count } of steps) {
        if (what === 'round') await sync.round(new AbortController().signal);
        if (what === 'sell') await write(park, 'Sold', letters(count, sold));
        if (what === 'price') await write(world.headquarters, 'PriceSet', letters(count, priced));
        sold += what === 'sell' ? count : 0;
        priced += what === 'price' ? count : 0;
      }
      world.weather = (_path, ask) => ask();
      await world.until(sync, 'drained');
      await world.until(sync, 'drained');
      expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(sold));
      expect(await namesIn(park, 'PriceSet')).toEqual(letters(priced));
      await world.close();
    }),
    { numRuns: 40 },
  );
  await open();
}, 120_000);

test('a park whose clock was set back says hello anew, and so hears who works there', async () => {
  await open();
  const sync = await world.startPark(newPark());
  await world.until(sync, 'drained', 1);
  await world.until(sync, 'drained', 1);
  expect(world.registry.contacts).toHaveLength(1);
  world.clock.set(world.clock.now() - 3_600_000);
  await world.until(sync, 'drained', 1);
  expect(world.registry.contacts).toHaveLength(2);
});
