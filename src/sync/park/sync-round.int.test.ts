import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../../test/support/database.ts';
import { createRandom } from '../../../test/support/random.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import type { MemoryNode } from '../../infrastructure/event-store/memory-store.ts';
import { createPostgresReplicationLog } from '../../infrastructure/event-store/postgres-replication.ts';
import { openPostgresEventStore } from '../../infrastructure/event-store/postgres-store.ts';
import { migrateLog } from '../../infrastructure/event-store/scratch-log.suite.ts';
import { connectDatabase } from '../../infrastructure/postgres/database.ts';
import { SILENT_MS } from '../headquarters/judge-voice.ts';
import { namesIn, openTwoNodes, PARK, toyLives, write, type TwoNodes } from './two-nodes.suite.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const letters = (count: number, from = 0): string[] => Array.from({ length: count }, (_, index) => `n${from + index}`);

describeWithDatabase('two logs in PostgreSQL', () => {
  const ends: (() => Promise<void>)[] = [];
  let world: TwoNodes;
  let park: MemoryNode;

  async function openNode(nodeId: string): Promise<MemoryNode> {
    const { url, drop } = await createTestDatabase({ from: 'empty', prepare: migrateLog });
    const connect = (poolSize: number) =>
      connectDatabase({ url, poolSize, role: 'skypark_app', applicationName: nodeId, onError: () => undefined });
    const [writer, reader] = [connect(1), connect(4)];
    const store = await openPostgresEventStore({ writer, reader, nodeId, clock, sleep });
    ends.unshift(
      () => store.close(),
      () => writer.close(),
      () => reader.close(),
    );
    ends.push(drop);
    return { store, replication: createPostgresReplicationLog(reader, clock) };
  }

  beforeAll(async () => {
    world = await openTwoNodes(await openNode('hq'));
    park = await openNode(PARK);
  });
  afterAll(async () => {
    await world.close();
    for (const end of ends) await end();
  });

  test('whatever the network does, and whenever the talk dies, both end with the same events in the same order', async () => {
    const random = createRandom(28);
    let [sold, priced] = [0, 0];
    let sync = await world.startPark(park);
    const stop = new AbortController().signal;
    world.weather = async (_path, ask) => {
      const luck = random();
      if (luck < 0.15) throw new Error('lost');
      const answer = await ask();
      if (luck < 0.7) return answer;
      const bytes = await answer.arrayBuffer();
      if (luck < 0.85) throw new Error('the answer was lost');
      return luck < 0.95 ? ask() : new Response(bytes.slice(0, 30));
    };
    for (let step = 0; step < 40; step += 1) {
      await write(park, 'Sold', letters(step % 7, sold));
      await write(world.headquarters, 'PriceSet', letters(step % 5, priced));
      sold += step % 7;
      priced += step % 5;
      const round = sync.round(stop);
      // Another process takes over while this one is in the middle of a push.
      if (step % 6 === 5) sync = await world.startPark(park);
      await Promise.all([round, sync.round(stop)]);
    }
    world.weather = (_path, ask) => ask();
    await world.until(sync, 'drained');
    await world.until(sync, 'drained');
    expect(await namesIn(world.headquarters, 'Sold')).toEqual(letters(sold));
    expect(await namesIn(park, 'PriceSet')).toEqual(letters(priced));
    const [{ incarnation, seq, link }, held] = [
      await park.replication.head(),
      await world.headquarters.replication.authors(),
    ];
    expect(held.find((author) => author.incarnation === incarnation)).toMatchObject({ seq, link, isWhole: true });
  });

  test('a node that began a new life hands over what came after, and what the old one still writes is not taken', async () => {
    const lives = toyLives(park);
    const before = await namesIn(world.headquarters, 'Sold');
    await lives.restart('restored', new AbortController().signal);
    await write(park, 'Sold', ['in the new life']);
    // The processes of before are not heard any more.
    world.clock.advance(SILENT_MS);
    const sync = await world.startPark(park, world.parkSigner, lives);
    await world.until(sync, 'drained');
    expect(await namesIn(world.headquarters, 'Sold')).toEqual([...before, 'in the new life']);
    expect(world.registry.node?.incarnations).toMatchObject([{ closed: { why: 'succeeded' } }, { closed: null }]);
  });
});
