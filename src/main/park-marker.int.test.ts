import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import {
  createCleanUp,
  localSettings,
  startTestApi,
  temporaryDataDir,
  type TestApi,
} from '../../test/support/product.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { context, event, newId, part } from '../infrastructure/event-store/appends.suite.ts';
import { MarkerFault } from '../infrastructure/event-store/marker-file.ts';
import { machineCheckUps } from './cli/doctor-machine.ts';
import { livesOf } from './park-lives.ts';
import { parkIdentity } from './park-sync.ts';

const CLOCK = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const PARK_ID = 'ala-archa';

describeWithDatabase('the marker of a park’s node', () => {
  const { later, run } = createCleanUp();
  let park: TestApi;
  let volume: string;

  beforeAll(async () => {
    const { url, drop } = await createTestDatabase();
    later(drop);
    const folder = await temporaryDataDir(later);
    volume = join(folder, 'volume');
    const settings = await localSettings(folder, {
      DATABASE_URL: url,
      LOG_LEVEL: 'silent',
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: PARK_ID,
      SKYPARK_NODE_ID: 'park-ala-archa',
      SKYPARK_HQ_URL: 'http://127.0.0.1:1',
      SKYPARK_MARKER_FILE: join(volume, 'marker.json'),
    });
    park = await startTestApi(settings, CLOCK, later);
  }, 60_000);
  afterAll(run);

  const start = async (change: Partial<TestApi['app']> = {}): Promise<void> => {
    const { signer } = await parkIdentity(park.app);
    await livesOf({ ...park.app, ...change }, signer).settle();
  };
  const life = async (): Promise<string> => (await park.app.replication.head()).incarnation;
  const write = () =>
    park.app.store.append({
      streams: [part(newId(), 'none', [event('Sold', { name: 'something' })])],
      context: { ...context, parkId: PARK_ID },
    });
  const looked = async () => (await machineCheckUps(park.app.config)).find((one) => one.part === 'marker');

  test('that cannot be written stops the start with the reason, and begins no new life however often', async () => {
    await write();
    await start();
    expect(await looked()).toMatchObject({ state: 'good' });
    const first = await life();
    // The volume is not mounted.
    await rename(volume, `${volume}.away`);
    await symlink(`${volume}.nowhere/deep`, volume);
    for (let time = 0; time < 3; time += 1) await expect(start()).rejects.toThrow(/marker\.json cannot be written/);
    expect(await life()).toBe(first);
    expect(await looked()).toMatchObject({ state: 'bad', text: expect.stringContaining('cannot be written') });
    await rm(volume);
    await rename(`${volume}.away`, volume);
    await start();
    expect(await life()).toBe(first);
  });

  test('that is lost where it can be written is followed by a new life, once', async () => {
    const first = await life();
    await rm(join(volume, 'marker.json'));
    await start();
    const second = await life();
    expect(second).not.toBe(first);
    await start();
    expect(await life()).toBe(second);
  });

  test('whose disk is full does not keep the gates from starting, in the same life', async () => {
    const before = await life();
    const seal = (): Promise<number> => Promise.reject(new MarkerFault('/a/full/disk', { code: 'ENOSPC' }));
    await start({
      replication: Object.assign(Object.create(park.app.replication), { seal }) as typeof park.app.replication,
    });
    expect(await life()).toBe(before);
  });
});
