import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SILENT_MS } from '../../src/sync/headquarters/judge-voice.ts';
import { copyDirectory, eventually, type OwnNode } from '../support/nodes.ts';
import { createCleanUp, type Settings } from '../support/product.ts';
import {
  countOf,
  faultsAt,
  freeAt,
  heldOf,
  insideAt,
  openLivesWorld,
  PARK,
  SHARE,
  TODAY,
  type LivesWorld,
} from './lives-world.ts';

const { later, run } = createCleanUp();
let world: LivesWorld;

beforeAll(async () => {
  world = await openLivesWorld(later);
}, 240_000);
afterAll(run);

describe('a node whose disk was put back', () => {
  let park: OwnNode;
  let settings: Settings;
  let lost: readonly string[] = [];
  const scan = (code: string | undefined): Promise<string> => world.scan(park.url, code ?? '');

  beforeAll(async () => {
    settings = await world.settingsOf('park');
    park = await world.openNewPark(settings);
    await eventually(
      () => freeAt(park),
      (free) => free === SHARE,
    );
  }, 240_000);

  test('lets people in and sells nothing while nobody can be asked', async () => {
    const { sell, inStep, folderOf } = world;
    const [early, twice] = await sell(park, 3);
    expect(await scan(early)).toBe('admitted');
    await inStep(park);
    await park.stop();
    await copyDirectory(folderOf('park'), folderOf('backup'));

    park = await world.open(settings);
    lost = await sell(park, 5);
    for (const code of [twice, ...lost.slice(0, 2)]) expect(await scan(code)).toBe('admitted');
    expect(await freeAt(park)).toBe(SHARE - 8);
    await inStep(park);
    const { incarnation: before } = await park.app.replication.head();
    await park.stop();

    await copyDirectory(folderOf('backup'), folderOf('park'));
    world.clock.advance(SILENT_MS);
    park = await world.open({ ...settings, SKYPARK_HQ_URL: 'http://127.0.0.1:9' });
    const { incarnation } = await park.app.replication.head();
    expect(incarnation).not.toBe(before);
    const own = (await park.app.store.read(0, 10_000)).filter((event) => event.incarnation === incarnation);
    expect(own.slice(0, 2).map(({ type }) => type)).toEqual(['IncarnationOpened', 'ShareFenced']);
    expect(own[1]?.data).toMatchObject({ parkId: PARK, date: TODAY, places: SHARE - 3, incarnation });
    expect([await freeAt(park), await sell(park, 1)]).toEqual([0, ['sold out']]);
    expect(await scan(early)).toBe('already_used');
    // It does not know any more that they came in, nor that this one was ever sold.
    for (const code of [twice, lost[0]]) expect(await scan(code)).toBe('admitted');
    await park.stop();
  }, 240_000);

  test('gets back from headquarters what it wrote before, and sells what it is granted anew', async () => {
    const { inStep, hq } = world;
    park = await world.open(settings);
    await inStep(park);
    await eventually(
      () => countOf(park, 'TicketActivated'),
      (count) => count === 8,
    );
    expect(await countOf(park, 'IncarnationOpened')).toBe(1);
    for (const code of lost.slice(0, 2)) expect(await scan(code)).toBe('already_used');
    const granted = await world.granted(park);
    const sold = await world.sellOut(park);
    expect(sold).toBeGreaterThanOrEqual(granted);
    await inStep(park);
    expect(await countOf(hq, 'TicketActivated')).toBe(8 + sold);
  }, 240_000);

  test('holds the same of its park as headquarters, although it heard of it in another order', async () => {
    const held = await heldOf(park);
    expect(held?.tables.map(({ table, rows }) => [table, rows > 0])).toContainEqual(['admission.admissions', true]);
    expect(held).toEqual(await heldOf(world.hq));
    // Two of the four came in by both lives: all six passages count, and incidents say so.
    expect(await insideAt(park)).toBe(6);
    expect(await countOf(world.hq, 'AdmissionRecounted')).toBe(2);
    expect([await faultsAt(park), await faultsAt(world.hq)]).toEqual([[], []]);
  });
});
