import { randomUUID } from 'node:crypto';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createMarkerFile } from '../../src/infrastructure/event-store/marker-file.ts';
import { checkRules } from '../../src/main/cli/check.ts';
import { startSandbox } from '../../src/main/product.ts';
import { capacityAccount, type CapacityBucket } from '../../src/modules/booking/domain/capacity.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { copyDirectory, enrol, eventually, openHeadquarters, openPark, type OwnNode } from '../support/nodes.ts';
import { createCleanUp, localSettings, temporaryDataDir, type Settings } from '../support/product.ts';
import { newGuest, openSmallPark, order, ticketOf, type Guest } from './guests.ts';
import { scanBy, type Scan } from './lives-world.ts';
import { brokenRules } from './rules.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const MINUTE_MS = 60_000;
const TODAY = '2026-12-05';
const PARK = 'small';
const QUOTA = 30;
const META = { actor: 'system', correlationId: 'test' };
/** A park that could not reach headquarters for a while tries again within a minute. */
const PATIENCE_MS = 120_000;

const { later, run } = createCleanUp();
const clock = createManualClock(NOON_MS);
let folder: string;
let settings: Settings;
let hq: OwnNode;
let park: OwnNode;
let guest: Guest;
let scan: Scan;

const folderOf = (name: string): string => join(folder, name);

const placesAt = async (bucket: CapacityBucket): Promise<number> =>
  (await hq.app.store.balances([capacityAccount(PARK, TODAY, bucket)]))[0] ?? 0;

const bought = async (): Promise<string> => bodyOf('ticket', 201, await order(guest, { parkId: PARK, date: TODAY })).id;

/** @returns pays what was begun */
async function payment(ticketId: string): Promise<() => Promise<void>> {
  const started = await guest.session.client.POST('/api/v1/payments', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: { ticket_id: ticketId, method: 'elqr' },
  });
  const page = bodyOf('payment', 201, started).action?.url ?? '';
  return async () => {
    expect((await fetch(`${page}/pay`, { method: 'POST' })).status).toBe(204);
  };
}

const ticketAt = ({ app }: OwnNode, ticketId: string) => app.modules.booking.ticketFacts.byId(ticketId);

/** Waits until the ticket is good at the park. @returns its code */
async function codeOf(ticketId: string): Promise<string> {
  const code = await eventually(
    async () => (await ticketOf(guest, ticketId)).admission_code ?? null,
    (known) => known !== null,
    PATIENCE_MS,
  );
  await eventually(
    () => ticketAt(park, ticketId),
    (facts) => facts?.status === 'active',
    PATIENCE_MS,
  );
  return code ?? '';
}

async function markerFollows(): Promise<void> {
  const marker = createMarkerFile(join(folder, 'markers', 'hq.json'));
  await eventually(
    async () => [(await marker.read())?.link, (await hq.app.replication.head()).link],
    ([written, own]) => written === own,
    PATIENCE_MS,
  );
}

beforeAll(async () => {
  folder = await temporaryDataDir(later);
  // What the bank knows is not put back.
  await mkdir(folderOf('bank'), { recursive: true });
  await mkdir(folderOf('hq'), { recursive: true });
  await symlink(folderOf('bank'), join(folderOf('hq'), 'provider-sandbox'));
  settings = await localSettings(folderOf('hq'), {
    LOG_LEVEL: 'silent',
    SKYPARK_MARKER_FILE: join(folder, 'markers', 'hq.json'),
    PORT: String(await freePort()),
  });
  hq = await openHeadquarters(settings, clock, later);
  const sandbox = await startSandbox(hq.app);
  later(async () => sandbox?.stop());
  await openSmallPark(hq.app, PARK, QUOTA);
  park = await openPark(
    await localSettings(folderOf('park'), {
      SKYPARK_ROLE: 'park',
      SKYPARK_NODE_ID: 'small-1',
      SKYPARK_PARK_ID: PARK,
      SKYPARK_HQ_URL: `http://127.0.0.1:${settings['PORT']}`,
      SKYPARK_MARKER_FILE: join(folder, 'markers', 'park.json'),
      LOG_LEVEL: 'silent',
    }),
    clock,
    later,
  );
  await enrol(hq.app, park.app, TODAY);
  guest = await newGuest(hq.url);
  const gatekeeper = await newGuest(hq.url);
  await hq.app.modules.auth.grantRole({ userId: gatekeeper.userId, role: 'gate', parkId: PARK }, META);
  const cards = await hq.app.modules.auth.staffCardsOf(PARK);
  await park.app.modules.auth.keepStaffCards?.(JSON.parse(JSON.stringify(cards)) as typeof cards);
  scan = scanBy(gatekeeper.login);
}, 240_000);
afterAll(run);

describe('headquarters that forgot payments, whose tickets were used meanwhile', () => {
  test('has their places sold, holds nothing for ever, and takes the money where it hears of it', async () => {
    // All four are held when the backup is made; the payment of the first two has begun.
    const [heard, unused, lost, unpaid] = [await bought(), await bought(), await bought(), await bought()];
    const [payHeard, payUnused] = [await payment(heard), await payment(unused)];
    await markerFollows();
    await hq.stop();
    await copyDirectory(folderOf('hq'), folderOf('backup'));
    hq = await openHeadquarters(settings, clock, later);
    await payHeard();
    await payUnused();
    await (
      await payment(lost)
    )();
    for (const used of [heard, lost]) expect(await scan(park.url, await codeOf(used))).toBe('admitted');
    await codeOf(unused);
    await markerFollows();
    await hq.stop();

    await copyDirectory(folderOf('backup'), folderOf('hq'));
    clock.advance(60 * MINUTE_MS);
    hq = await openHeadquarters(settings, clock, later);
    const statuses = async () =>
      Promise.all([heard, unused, lost, unpaid].map(async (id) => (await ticketOf(guest, id)).status));
    await eventually(
      async () => (clock.advance(1_000), statuses()),
      (told) => told.join() === 'used,active,used,pending_payment',
      PATIENCE_MS,
    );
    await eventually(
      () => hq.app.modules.nodes.sellingFence.lift(META),
      ({ ok }) => ok,
    );
    await eventually(
      async () => (
        clock.advance(1_000),
        [await placesAt('held'), await placesAt('sold'), await placesAt('written_off')]
      ),
      (places) => places.join() === '0,3,0',
      PATIENCE_MS,
    );
    expect(await statuses()).toEqual(['used', 'active', 'used', 'expired']);
    // The park, too, goes on with good tickets.
    expect(await ticketAt(park, unused)).toMatchObject({ status: 'active', isPaid: true });
    const money = async () => Promise.all([heard, unused, lost].map(async (id) => (await ticketAt(hq, id))?.isPaid));
    await eventually(money, (paid) => paid.join() === 'true,true,false', PATIENCE_MS);
    await eventually(
      () => brokenRules(hq.databaseUrl),
      (broken) => broken.length === 0,
      PATIENCE_MS,
    );
    const said = (await checkRules(hq.databaseUrl, { facts: null })).map(({ text }) => text).join('\n');
    expect(said).toContain('1 ticket sold before headquarters was set back, whose payment has not been found');
    expect(await scan(park.url, await codeOf(unused))).toBe('admitted');
  }, 600_000);
});
