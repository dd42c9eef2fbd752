import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IN_FLIGHT_MS, SILENT_MS } from '../../src/sync/headquarters/judge-voice.ts';
import { copyDirectory, eventually, type Node } from '../support/nodes.ts';
import { createCleanUp, type Settings } from '../support/product.ts';
import { countOf, freeAt, heldOf, NODE, openLivesWorld, QUOTA, type LivesWorld } from './lives-world.ts';

const { later, run } = createCleanUp();
let world: LivesWorld;
let settings: Settings;
/** The true one. */
let park: Node;
let sold = 0;

beforeAll(async () => {
  world = await openLivesWorld(later);
  settings = await world.settingsOf('park');
  park = await world.openNewPark(settings);
  await world.granted(park);
  await world.sell(park, 3);
  sold = 3;
  await world.inStep(park);
}, 300_000);
afterAll(run);

const lineOf = async () =>
  (await world.hq.app.modules.nodes.listNodes()).find(({ node: { nodeId } }) => nodeId === NODE);
const lifeOf = async ({ app }: Node): Promise<string> => (await app.replication.head()).incarnation;

/** Copies the data directory while nothing runs on it, with its marker or without, and starts the true one again. */
async function copy(name: string, { withMarker }: { readonly withMarker: boolean }): Promise<Settings> {
  await park.stop();
  await copyDirectory(world.folderOf('park'), world.folderOf(name));
  const copied = await world.settingsOf(name);
  const marker = String(settings['SKYPARK_MARKER_FILE']);
  if (withMarker) await copyFile(marker, join(dirname(marker), `${name}.json`));
  park = await world.open(settings);
  await eventually(lineOf, (line) => line?.contact?.verdict === 'ok');
  return copied;
}

/** Time goes by in which both say what they say. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += IN_FLIGHT_MS) {
    world.clock.advance(IN_FLIGHT_MS);
    const nowMs = world.clock.now();
    await eventually(lineOf, (line) => (line?.contact?.atMs ?? 0) >= nowMs, 60_000);
    // It has said hello and gone on: by the same clock it says the next one.
    await eventually(
      () => park.app.replication.peers(),
      (peers) => peers.some(({ lastContactMs }) => lastContactMs >= nowMs),
      60_000,
    );
  }
}

/** The copy is told to stop, has nothing to sell, and headquarters names it; the true one sells on in the life that it was in. */
async function stopped(copied: Node, life: string): Promise<void> {
  const stops = async () => {
    const events = await copied.app.store.read(0, 10_000, ['IncarnationOpened']);
    return events.some(({ data }) => data['reason'] === 'stopped');
  };
  await eventually(stops, Boolean, 60_000);
  const itsLife = await lifeOf(copied);
  const named = async () => (await lineOf())?.copies.find(({ incarnation }) => incarnation === itsLife);
  expect(await eventually(named, (found) => found !== undefined, 60_000)).toMatchObject({
    verdict: 'fork',
    trouble: expect.stringContaining('witch it off'),
  });
  expect((await lineOf())?.contact).toMatchObject({ incarnation: life, verdict: 'ok', trouble: null });
  expect([await freeAt(copied), await world.sell(copied, 1)]).toEqual([0, ['sold out']]);
  expect(await lifeOf(park)).toBe(life);
  expect(await world.sell(park, 1)).not.toContain('sold out');
  sold += 1;
  await world.inStep(park);
  expect(await countOf(world.hq, 'TicketActivated')).toBe(sold);
  expect(await heldOf(park)).toEqual(await heldOf(world.hq));
}

describe('two copies of one data directory', () => {
  let copied: Node | null = null;
  beforeEach(() => async () => {
    await copied?.stop();
    copied = null;
  });

  test('the one that comes late does not take the place of the one that goes on', async () => {
    const late = await copy('late', { withMarker: true });
    const life = await lifeOf(park);
    await world.sell(park, 2);
    sold += 2;
    await world.inStep(park);
    world.clock.advance(1_000);
    copied = await world.open(late);
    // It is told that it was set back, gives up its places, and waits whether the other one is still there.
    const own = copied;
    await eventually(
      () => lifeOf(own),
      (its) => its !== life,
    );
    await eventually(
      () => freeAt(own),
      (free) => free === 0,
    );
    await pass(SILENT_MS);
    await stopped(own, life);
    expect(await lifeOf(own)).not.toBe(life);
  }, 300_000);

  test('one that never wrote is found out, and one without the marker as well', async () => {
    const life = await lifeOf(park);
    for (const [name, withMarker] of [
      ['idle', true],
      ['bare', false],
    ] as const) {
      const same = await copy(name, { withMarker });
      world.clock.advance(1_000);
      copied = await world.open(same);
      await pass(SILENT_MS);
      await stopped(copied, life);
      expect(await lifeOf(copied)).not.toBe(life);
      await copied.stop();
    }
  }, 300_000);

  test('of two that sell at once nothing of the second is taken, and both together never more than there is', async () => {
    const second = await copy('second', { withMarker: true });
    const life = await lifeOf(park);
    const free = await freeAt(park);
    copied = await world.open({ ...second, SKYPARK_HQ_URL: 'http://127.0.0.1:9' });
    const own = await world.sell(copied, 2);
    expect(own).not.toContain('sold out');
    await copied.stop();
    await world.sell(park, 1);
    sold += 1;
    await world.inStep(park);
    copied = await world.open(second);
    await pass(SILENT_MS);
    await stopped(copied, life);
    const tickets = await countOf(world.hq, 'TicketActivated');
    expect(tickets).toBe(sold);
    expect(tickets).toBeLessThanOrEqual(QUOTA);
    expect(await freeAt(park)).toBe(free - 2);
  }, 300_000);
});
