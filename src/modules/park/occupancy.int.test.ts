import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryFileStore } from '../../infrastructure/files/memory-file-store.ts';
import { fixtureInfo, startFixture, type Fixture } from '../../infrastructure/http/http-fixture.ts';
import { createImageCleaner } from '../../infrastructure/images/clean-image.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { openEvents } from '../../../test/support/event-stream-client.ts';
import { editorTokens as tokens } from './editors.suite.ts';
import { newParkExample } from './http/park-examples.ts';
import { createParkModule, parkManifest } from './module.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const PARK = '/api/v1/parks/ala-archa';

describeWithDatabase('how full a park is', () => {
  let opened: ModuleDatabase;
  let fixture: Fixture;
  let url: string;
  let people = 0;
  let reads = 0;

  beforeAll(async () => {
    opened = await openModuleDatabase(parkManifest, clock);
    const { routes } = createParkModule({
      gateLag: async () => null,
      ...(await opened.startNode()),
      files: createMemoryFileStore(),
      cleanImage: createImageCleaner(clock),
      ids,
      clock,
      zone: createZone(),
      onError: () => undefined,
      placesOfDays: async (_parkId, dates) => dates.map(() => null),
      followQuota: async () => undefined,
      async occupancy(parkIds) {
        reads += 1;
        return parkIds.map(() => people);
      },
    });
    const tags = ['Operations', 'parks'].map((name) => ({ name, description: name }));
    fixture = await startFixture({ routes, tokens, clock, ids, info: { ...fixtureInfo, tags } });
    url = await fixture.app.listen({ host: '127.0.0.1', port: 0 });
    await fetch(`${url}/api/v1/parks`, {
      method: 'POST',
      headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
      body: JSON.stringify(newParkExample),
    });
  });
  beforeEach(() => {
    people = 7;
    reads = 0;
  });
  afterAll(async () => {
    await fixture.drain();
    await opened.close();
  });

  const now = (current: number, capacity = 300) => ({
    current,
    capacity,
    as_of: new Date(clock.now()).toISOString(),
    nodes_behind: 0,
  });
  const follow = (headers = {}) => openEvents(`${url}${PARK}/occupancy/stream`, headers);
  /** Some seconds of the shared reading. */
  const readsMore = async (count: number): Promise<void> => {
    const before = reads;
    while (reads < before + count) await sleep(20);
  };

  test('is answered to anybody', async () => {
    const answer = await fetch(`${url}${PARK}/occupancy`);
    expect([answer.status, await answer.json()]).toEqual([200, now(7)]);
  });

  test.each(['', '/stream'])('of a park that does not exist is 404 (%s)', async (path) => {
    const answer = await fetch(`${url}/api/v1/parks/nowhere/occupancy${path}`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'park_not_found' }]);
  });

  test('is read once for all who follow it, and told when it changed only', async () => {
    const one = await follow();
    const other = await follow({ 'last-event-id': '999; drop' });
    expect([await one.next(), await other.next()]).toEqual([now(7), now(7)]);
    // Opening a stream reads once to know that the park is there.
    const started = performance.now();
    await readsMore(3);
    // Three rounds of one reader, not of two.
    expect(performance.now() - started).toBeGreaterThan(1_500);
    expect([one.unread(), other.unread()]).toEqual([0, 0]);
    clock.advance(1_000);
    people = 9;
    expect([await one.next(), await other.next()]).toEqual([now(9), now(9)]);
    one.leave();
    other.leave();
  });

  test('is read no more when all who followed have left', async () => {
    const one = await follow();
    await one.next();
    one.leave();
    await sleep(1_500);
    const before = reads;
    await sleep(1_500);
    expect(reads).toBe(before);
  });

  test('ends with the server', async () => {
    const one = await follow();
    await one.next();
    await fixture.drain();
    await expect(one.ended).resolves.toBeUndefined();
  });
});
