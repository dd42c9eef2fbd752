import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createMarkerFile } from '../../src/infrastructure/event-store/marker-file.ts';
import { JSON_TYPE } from '../../src/infrastructure/http/packed-json.ts';
import { auditRules } from '../../src/main/cli/check.ts';
import { commands } from '../../src/main/cli/commands.ts';
import type { Office } from '../../src/main/cli/office.ts';
import type { App } from '../../src/main/compose.ts';
import { parkIdentity } from '../../src/main/park-sync.ts';
import { capacityAccount, type CapacityBucket } from '../../src/modules/booking/domain/capacity.ts';
import { createThief } from '../../src/sync/park/thief.suite.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { copyDirectory, enrol, eventually, openHeadquarters, openPark, type Node } from '../support/nodes.ts';
import { createCleanUp, localSettings, temporaryDataDir, type Settings } from '../support/product.ts';
import { newGuest, openSmallPark, order, outcomeOf } from './guests.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const TODAY = '2026-12-05';
const PARK = 'small';
const QUOTA = 30;
/** What headquarters gives the park of it at first. */
const SHARE = 6;
const META = { actor: 'system', correlationId: 'test' };
/** A park that could not reach headquarters for a while tries again within a minute. */
const PATIENCE_MS = 120_000;

const { later, run } = createCleanUp();
const clock = createManualClock(NOON_MS);
let folder: string;
let settings: Settings;
let parkSettings: Settings;
let hq: Awaited<ReturnType<typeof openHeadquarters>>;
let park: Node;

const folderOf = (name: string): string => join(folder, name);
const markerOf = (name: string): string => join(folder, 'markers', `${name}.json`);

async function placesAt({ store }: App, bucket: CapacityBucket): Promise<number> {
  return (await store.balances([capacityAccount(PARK, TODAY, bucket)]))[0] ?? 0;
}

/** Sells tickets for one child each until the day is sold out there. @returns how many */
async function sell({ modules }: App, most: number): Promise<number> {
  for (let sold = 0; sold < most; sold += 1) {
    const visit = { parkId: PARK, children: [{ name: null, age: 5 }], adults: 0, paymentId: randomUUID() };
    const done = await modules.booking.sellAtDesk(visit, () => [], META);
    if (!done.ok) return sold;
  }
  return most;
}

const ticketsAt = async ({ store }: App): Promise<number> => (await store.read(0, 10_000, ['TicketActivated'])).length;

/** The park has read all that headquarters sold, headquarters has all that the park wrote, and its marker is written. */
async function inStep(): Promise<void> {
  await eventually(
    async () => {
      const [own, parks, authors] = await Promise.all([
        hq.app.replication.head(),
        park.app.replication.head(),
        hq.app.replication.authors(),
      ]);
      const marker = await createMarkerFile(markerOf('hq')).read();
      const there = authors.find(({ incarnation }) => incarnation === parks.incarnation)?.seq ?? 0;
      const known = [await ticketsAt(hq.app), await ticketsAt(park.app)];
      return [marker?.link === own.link, there === parks.seq, known[0] === known[1]];
    },
    (steps) => steps.every(Boolean),
    PATIENCE_MS,
  );
}

/** What an operator types. @returns the exit code and what is said */
async function typed(words: string): Promise<readonly [number | undefined, string]> {
  const said: string[] = [];
  const office = { say: (line: string) => void said.push(line), withApp: (use) => use(hq.app) } as Pick<
    Office,
    'say' | 'withApp'
  > as Office;
  const command = commands.find((one) => one.words === words);
  const code = await command?.run({ operands: [], options: {} }, office);
  return [code, said.join('\n')];
}

const restored = (): ReturnType<typeof typed> => typed('nodes restored');

/** A hello says that nothing is left to be told; the one before may have come while something was written, so time passes until one does. */
const heardWell = () =>
  eventually(
    async () => {
      clock.advance(1_000);
      return hq.app.modules.nodes.listNodes();
    },
    ([line]) => line?.contact?.verdict === 'ok' && line.contact.acceptedSeq === line.contact.headSeq,
    PATIENCE_MS,
  );

beforeAll(async () => {
  folder = await temporaryDataDir(later);
  const quiet = { LOG_LEVEL: 'silent', SKYPARK_MARKER_FILE: markerOf('hq') };
  settings = await localSettings(folderOf('hq'), { ...quiet, PORT: String(await freePort()) });
  hq = await openHeadquarters(settings, clock, later);
  await openSmallPark(hq.app, PARK, QUOTA);
  parkSettings = await localSettings(folderOf('park'), {
    SKYPARK_ROLE: 'park',
    SKYPARK_NODE_ID: 'small-1',
    SKYPARK_PARK_ID: PARK,
    SKYPARK_HQ_URL: `http://127.0.0.1:${settings['PORT']}`,
    SKYPARK_MARKER_FILE: markerOf('park'),
    LOG_LEVEL: 'silent',
  });
  park = await openPark(parkSettings, clock, later);
  await enrol(hq.app, park.app, TODAY);
  await hq.app.modules.booking.shares.grantWalkUps(META);
  await eventually(
    () => placesAt(park.app, 'free'),
    (free) => free === SHARE,
    PATIENCE_MS,
  );
}, 240_000);
afterAll(run);

describe('a stolen key of a park', () => {
  test('says in vain that headquarters was set back: nobody stops selling, and everybody who looks sees it', async () => {
    await inStep();
    const { signer, nodeId } = await parkIdentity(park.app);
    const ask = (path: string, body: string, headers = {}): Promise<Response> =>
      fetch(`${hq.url}/sync/v1${path}`, { method: 'POST', body, headers: { 'content-type': JSON_TYPE, ...headers } });
    const thief = createThief({ nodeId, signer, nowMs: NOON_MS, head: await park.app.replication.head(), ask });
    const { incarnation, position } = await hq.app.replication.head();
    const [known] = await park.app.replication.peers();
    const ahead = { ...known?.feed, incarnation, position: position + 1_000, link: 'A'.repeat(43) };
    for (const feed of [ahead, { ...ahead, incarnation: randomUUID() }]) {
      expect(await thief.hello(feed)).toMatchObject({ verdict: 'unproven', session: null });
    }
    expect((await hq.app.replication.head()).incarnation).toBe(incarnation);
    expect(await hq.app.modules.nodes.sellingFence.isUp()).toBe(false);
    expect(await sell(hq.app, 1)).toBe(1);
    const [, listed] = await typed('nodes list');
    expect(listed).toContain('cannot prove it');
    expect(listed).toMatch(/program \d+\.\d+\.\d+, protocol 2/);
    const counted = await hq.app.metrics.getSingleMetricAsString('skypark_sync_calls_total');
    expect(counted).toContain('skypark_sync_calls_total{node="small-1",step="hello",verdict="unproven"} 2');
    // The park itself, whose key was stolen, is served as before.
    await inStep();
  }, 600_000);
});

describe('headquarters whose disk was put back', () => {
  let life = '';

  test('is caught by its marker, and sells and grants nothing for a park with a node of its own', async () => {
    // With the one that it sold beside the thief three.
    expect(await sell(hq.app, 2)).toBe(2);
    await inStep();
    await hq.stop();
    await copyDirectory(folderOf('hq'), folderOf('backup'));

    hq = await openHeadquarters(settings, clock, later);
    expect(await sell(hq.app, 5)).toBe(5);
    // The park sells as well, and is granted more, which is forgotten too.
    expect(await sell(park.app, 4)).toBe(4);
    const tended = () => park.app.modules.booking.shares.tend(META).then(() => placesAt(park.app, 'free'));
    await eventually(tended, (free) => free > SHARE - 4, PATIENCE_MS);
    await inStep();
    expect(await placesAt(hq.app, 'granted')).toBeGreaterThan(SHARE);
    const { incarnation: before } = await hq.app.replication.head();
    await hq.stop();
    await park.stop();

    await copyDirectory(folderOf('backup'), folderOf('hq'));
    hq = await openHeadquarters(settings, clock, later);
    life = (await hq.app.replication.head()).incarnation;
    expect(life).not.toBe(before);
    const [opened] = (await hq.app.store.read(0, 10_000)).filter(({ incarnation }) => incarnation === life);
    expect(opened).toMatchObject({ type: 'IncarnationOpened', data: { previous: { incarnation: before } } });
    expect([await placesAt(hq.app, 'free'), await placesAt(hq.app, 'sold')]).toEqual([QUOTA - SHARE - 3, 3]);
    expect(await sell(hq.app, 1)).toBe(0);
    const guest = await newGuest(hq.url);
    expect(outcomeOf(await order(guest, { parkId: PARK, date: TODAY }))).toBe('409 park_at_capacity');
    expect(await hq.app.modules.booking.placesOfDays(PARK, [TODAY])).toEqual([{ free: 0, deficit: 0 }]);
    expect(await restored()).toEqual([1, expect.stringContaining('small-1 has not told all it knows')]);
    expect(await sell(hq.app, 1)).toBe(0);
  }, 600_000);

  test('learns from the park what it had sold and granted, and sells the rest when somebody says so', async () => {
    park = await openPark(parkSettings, clock, later);
    await eventually(
      async () => ({
        lost: await placesAt(hq.app, 'written_off'),
        granted: await placesAt(hq.app, 'granted'),
        there: (await placesAt(park.app, 'free')) + (await placesAt(park.app, 'sold')),
      }),
      ({ lost, granted, there }) => lost === 5 && granted === there && there > SHARE,
      PATIENCE_MS,
    );
    // The next hello says that nothing is left to be told.
    clock.advance(30_000);
    await heardWell();
    expect(await sell(hq.app, 1)).toBe(0);
    expect(await restored()).toEqual([0, 'Headquarters sells again for all parks.']);
    const left = await placesAt(hq.app, 'free');
    expect(left).toBe(QUOTA - 3 - 5 - (await placesAt(hq.app, 'granted')));
    expect(await sell(hq.app, QUOTA)).toBe(left);
    expect(await restored()).toMatchObject([1, expect.stringContaining('Nothing is held back')]);
    const leftThere = await placesAt(park.app, 'free');
    expect(await sell(park.app, QUOTA)).toBe(leftThere);
    // Three before, five that are forgotten, and all that was sold since: not one more than there is room for.
    await eventually(
      () => ticketsAt(park.app),
      (tickets) => tickets === QUOTA,
      PATIENCE_MS,
    );
    await eventually(
      // The tickets of this test were paid by nobody; of places and of the log everything holds.
      async () =>
        (await auditRules(hq.databaseUrl, { facts: null })).filter(({ subject }) =>
          ['rule 1', 'log'].includes(subject),
        ),
      (findings) => findings.length > 1 && findings.every(({ holds }) => holds),
      PATIENCE_MS,
    );
    expect((await hq.app.replication.head()).incarnation).toBe(life);
  }, 600_000);

  test('is caught by the park where its marker is lost, too; what it wrote meanwhile stops nobody', async () => {
    await hq.stop();
    await copyDirectory(folderOf('backup'), folderOf('hq'));
    await rm(markerOf('hq'));
    hq = await openHeadquarters(settings, clock, later);
    await eventually(
      () => hq.app.modules.nodes.sellingFence.isUp().then((isUp) => (clock.advance(1_000), isUp)),
      (isUp) => isUp,
      PATIENCE_MS,
    );
    expect(await sell(hq.app, 1)).toBe(0);
    const soldByHq = QUOTA - (await placesAt(park.app, 'sold'));
    const { incarnation } = await hq.app.replication.head();
    expect(incarnation).not.toBe(life);
    await eventually(
      () => placesAt(hq.app, 'written_off'),
      (lost) => lost === soldByHq - 3,
      PATIENCE_MS,
    );
    clock.advance(30_000);
    await heardWell();
    expect(await restored()).toMatchObject([0, expect.any(String)]);
    expect(await sell(hq.app, 1)).toBe(0);
    // The park still hears what headquarters says.
    await openSmallPark(hq.app, 'another', 10);
    await eventually(
      () => park.app.modules.park.catalogue.find('another'),
      (found) => found !== null,
      PATIENCE_MS,
    );
    expect(await ticketsAt(park.app)).toBe(QUOTA);
  }, 600_000);

  test('is told so by a person where nothing proves it', async () => {
    const { incarnation } = await hq.app.replication.head();
    expect(await typed('nodes set-back')).toMatchObject([0, expect.stringContaining('begins a new life')]);
    expect((await hq.app.replication.head()).incarnation).not.toBe(incarnation);
    clock.advance(30_000);
    expect(await hq.app.modules.nodes.sellingFence.isUp()).toBe(true);
    await heardWell();
    expect(await restored()).toEqual([0, 'Headquarters sells again for all parks.']);
  }, 600_000);
});
