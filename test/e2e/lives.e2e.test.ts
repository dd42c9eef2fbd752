import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import type { App } from '../../src/main/compose.ts';
import { capacityAccount } from '../../src/modules/booking/domain/capacity.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { copyDirectory, enrol, eventually, openHeadquarters, openPark, type Node } from '../support/nodes.ts';
import { createCleanUp, localSettings, temporaryDataDir, type Settings } from '../support/product.ts';
import { newGuest, openSmallPark, type Guest } from './guests.ts';

/** Noon in Bishkek. */
const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const TODAY = '2026-12-05';
const PARK = 'small';
const QUOTA = 100;
/** What headquarters gives the park of it at first. */
const SHARE = 20;
const META = { actor: 'system', correlationId: 'test' };

const { later, run } = createCleanUp();
const clock = createManualClock(NOON_MS);
let folder: string;
let hq: Node;
let hqSettings: Settings;

const folderOf = (name: string): string => join(folder, name);

/** A node of the park on its own data directory. Its marker is on another volume, as the runbook has it. */
async function settingsOf(name: string, marker = name): Promise<Settings> {
  return localSettings(folderOf(name), {
    SKYPARK_ROLE: 'park',
    SKYPARK_NODE_ID: 'small-1',
    SKYPARK_PARK_ID: PARK,
    SKYPARK_HQ_URL: `http://127.0.0.1:${hqSettings['PORT']}`,
    SKYPARK_MARKER_FILE: join(folder, 'markers', `${marker}.json`),
    LOG_LEVEL: 'fatal',
  });
}

const freeAt = async ({ store }: App): Promise<number> =>
  (await store.balances([capacityAccount(PARK, TODAY, 'free')]))[0] ?? 0;

/** Sells a ticket for one child at the desk. @returns its code; null when the day is sold out there */
async function sell({ modules }: App): Promise<string | null> {
  const visit = { parkId: PARK, children: [{ name: null, age: 5 }], adults: 0, paymentId: randomUUID() };
  const sold = await modules.booking.sellAtDesk(visit, () => [], META);
  return sold.ok ? sold.value.admissionCode : null;
}

async function sellMany(app: App, count: number): Promise<string[]> {
  const codes: string[] = [];
  for (let one = 0; one < count; one += 1) codes.push((await sell(app)) ?? 'sold out');
  return codes;
}

/** How often an event of a type was stored by whomever. */
const countOf = async ({ store }: App, type: string): Promise<number> => (await store.read(0, 10_000, [type])).length;

/** Whoever works at the gate of the park, signed in at its node. */
async function gateOf(park: Node, words: Guest['login']): Promise<(code: string) => Promise<string>> {
  const post = async (path: string, body: object, token?: string): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: token }) };
    const answer = await fetch(`${park.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  };
  const token = `Bearer ${String((await post('/auth/login', words))['access_token'])}`;
  return async (code) => {
    const scan = { scan_id: randomUUID(), code, direction: 'in', gate: 'main', scanned_at: '2026-12-05T06:00:00Z' };
    const { results } = await post('/gate/scans', { scans: [scan] }, token);
    return String((results as readonly { readonly outcome: string }[])[0]?.outcome);
  };
}

/** Headquarters has all that the node wrote, and the node all that headquarters did. */
async function inStep(park: App): Promise<void> {
  await eventually(
    async () => {
      const [{ incarnation, seq }, authors] = await Promise.all([
        park.replication.head(),
        hq.app.replication.authors(),
      ]);
      return [seq, authors.find((one) => one.incarnation === incarnation)?.seq ?? 0];
    },
    ([own, there]) => own === there,
  );
}

beforeAll(async () => {
  folder = await temporaryDataDir(later);
  hqSettings = await localSettings(folderOf('hq'), { LOG_LEVEL: 'fatal', PORT: String(await freePort()) });
  hq = await openHeadquarters(hqSettings, clock, later);
  await openSmallPark(hq.app, PARK, QUOTA);
}, 60_000);
afterAll(run);

describe('a node whose disk was put back', () => {
  let park: Node;
  let settings: Settings;
  let gatekeeper: Guest;
  let lost: readonly string[] = [];

  beforeAll(async () => {
    settings = await settingsOf('park');
    park = await openPark(settings, clock, later);
    await enrol(hq.app, park.app, TODAY);
    await hq.app.modules.booking.shares.grantWalkUps(META);
    await eventually(
      () => freeAt(park.app),
      (free) => free === SHARE,
    );
    gatekeeper = await newGuest(hq.url);
    await hq.app.modules.auth.grantRole({ userId: gatekeeper.userId, role: 'gate', parkId: PARK }, META);
    const cards = await hq.app.modules.auth.staffCardsOf(PARK);
    await park.app.modules.auth.keepStaffCards?.(JSON.parse(JSON.stringify(cards)) as typeof cards);
  }, 60_000);

  test('lets people in and sells nothing while nobody can be asked', async () => {
    const [early, twice] = await sellMany(park.app, 3);
    let scan = await gateOf(park, gatekeeper.login);
    expect(await scan(early ?? '')).toBe('admitted');
    await inStep(park.app);
    await park.stop();
    await copyDirectory(folderOf('park'), folderOf('backup'));

    park = await openPark(settings, clock, later);
    scan = await gateOf(park, gatekeeper.login);
    lost = await sellMany(park.app, 5);
    for (const code of [twice ?? '', ...lost.slice(0, 2)]) expect(await scan(code)).toBe('admitted');
    expect(await freeAt(park.app)).toBe(SHARE - 8);
    await inStep(park.app);
    const { incarnation: before } = await park.app.replication.head();
    await park.stop();

    await copyDirectory(folderOf('backup'), folderOf('park'));
    park = await openPark({ ...settings, SKYPARK_HQ_URL: 'http://127.0.0.1:9' }, clock, later);
    const { incarnation } = await park.app.replication.head();
    expect(incarnation).not.toBe(before);
    const own = (await park.app.store.read(0, 10_000)).filter((event) => event.incarnation === incarnation);
    expect(own.slice(0, 2).map(({ type }) => type)).toEqual(['IncarnationOpened', 'ShareFenced']);
    expect(own[1]?.data).toMatchObject({ parkId: PARK, date: TODAY, places: SHARE - 3, incarnation });
    expect([await freeAt(park.app), await sell(park.app)]).toEqual([0, null]);
    scan = await gateOf(park, gatekeeper.login);
    expect(await scan(early ?? '')).toBe('already_used');
    // It does not know any more that they came in, nor that this one was ever sold.
    for (const code of [twice ?? '', lost[0] ?? '']) expect(await scan(code)).toBe('admitted');
    await park.stop();
  }, 60_000);

  test('gets back from headquarters what it wrote before, and sells what it is granted anew', async () => {
    park = await openPark(settings, clock, later);
    await inStep(park.app);
    await eventually(
      () => countOf(park.app, 'TicketActivated'),
      (count) => count === 8,
    );
    expect(await countOf(park.app, 'IncarnationOpened')).toBe(1);
    const scan = await gateOf(park, gatekeeper.login);
    for (const code of lost.slice(0, 2)) expect(await scan(code)).toBe('already_used');
    const tended = () => park.app.modules.booking.shares.tend(META).then(() => freeAt(park.app));
    const granted = await eventually(tended, (free) => free > 0);
    expect((await sellMany(park.app, granted + 1)).indexOf('sold out')).toBe(granted);
    await inStep(park.app);
    const sold = await countOf(hq.app, 'TicketActivated');
    expect(sold).toBe(8 + granted);
  }, 60_000);
});
