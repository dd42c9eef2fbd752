import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest, openSmallPark } from '../../test/e2e/guests.ts';
import { describeWithDatabase } from '../../test/support/database.ts';
import { enrol, type OwnNode } from '../../test/support/nodes.ts';
import { startOwnApi } from '../../test/support/own-api.ts';
import { openParkSync } from '../../test/support/park-sync.ts';
import { createCleanUp, type Settings, type TestApi } from '../../test/support/product.ts';
import { eventually } from '../../tools/demo/answered.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { scopeHashes } from '../infrastructure/event-store/scope-hashes.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { auditRules } from './cli/check.ts';
import { projections } from './migration-sources.ts';
import { runFlows } from './run-flows.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [HOME_FROM, OLD_DAY, NEW_DAY] = ['2026-12-06', '2026-12-08', '2026-12-10'];
const META = { actor: 'system', correlationId: 'test' } as const;
const PARK = 'small';

type Body = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly body: Body };
type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer>;

/** Calls of somebody who is signed in at one node. */
async function signIn(at: TestApi, login: object): Promise<Call> {
  let authorization = '';
  const call: Call = async (method, path, body) => {
    const response = await fetch(`${at.url}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(authorization === '' ? {} : { authorization }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const { body } = await call('POST', '/auth/login', login);
  expect(body).toHaveProperty('access_token');
  authorization = `Bearer ${String(body['access_token'])}`;
  return call;
}

describeWithDatabase('tickets that move from a day whose gates a park serves', () => {
  const clock = createManualClock(NOON_MS);
  const { later, run } = createCleanUp();
  let headquarters: OwnNode;
  let park: OwnNode;
  let atHq: Call;
  let atPark: Call;
  let sync: () => Promise<unknown>;
  let somebody: object;
  let asked: Body;
  let used: Body;
  let free: readonly number[];

  async function startNode(more: Settings): Promise<OwnNode> {
    const started = await startOwnApi(more, clock, later);
    const flows = runFlows(started.app);
    later(() => flows.stop());
    return started;
  }

  /** A token does not last until another day. */
  async function goTo(nowMs: number): Promise<void> {
    clock.set(nowMs);
    [atHq, atPark] = [await signIn(headquarters, somebody), await signIn(park, somebody)];
  }

  const buy = async (): Promise<Body> => {
    const children = [{ name: 'Aibek', age: 5 }];
    return (await atHq('POST', '/tickets', { park_id: PARK, visit_date: OLD_DAY, children, adults: 1 })).body;
  };
  const move = ({ id }: Body) => atHq('POST', `/tickets/${String(id)}/move`, { visit_date: NEW_DAY });
  const ticketAtHq = async ({ id }: Body) => (await atHq('GET', `/tickets/${String(id)}`)).body;
  const scanAtPark = async ({ admission_code: code }: Body) => {
    const scan = { scan_id: systemIds.next(), code, direction: 'in', gate: 'main' };
    const scanned_at = new Date(clock.now()).toISOString();
    const { body } = await atPark('POST', '/gate/scans', { scans: [{ ...scan, scanned_at }] });
    return body['results'] ?? body;
  };
  const freePlaces = async () =>
    (await headquarters.app.modules.booking.placesOfDays(PARK, [OLD_DAY, NEW_DAY])).map((day) => day?.free ?? 100);

  /** Talks until headquarters shows a ticket that waits for no gates. */
  const answered = (ticket: Body): Promise<Body> =>
    eventually('the answer of the gates', 20_000, async () => {
      await sync();
      const found = await ticketAtHq(ticket);
      return found['leaving'] === null ? found : null;
    });

  beforeAll(async () => {
    headquarters = await startNode({});
    await openSmallPark(headquarters.app, PARK, 100, '0.00');
    park = await startNode({
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: PARK,
      SKYPARK_NODE_ID: 'park-small',
      SKYPARK_HQ_URL: headquarters.url,
    });
    await enrol(headquarters.app, park.app, HOME_FROM);
    const link = await openParkSync(park.app, clock);
    sync = () => link.round(new AbortController().signal);
    await sync();
    const { userId, login } = await newGuest(headquarters.url);
    for (const role of ['gate', 'manager'] as const)
      await headquarters.app.modules.auth.grantRole({ userId, role, parkId: PARK }, META);
    somebody = login;
    // Who works at the park it asks from time to time.
    clock.set(NOON_MS + HOUR_MS);
    await sync();
    await goTo(NOON_MS + HOUR_MS);
    [asked, used] = [await buy(), await buy()];
    await sync();
    free = await freePlaces();
  }, 120_000);
  afterAll(run);

  test('are good for the new day at once, and leave the old one when the park has said that nobody came in', async () => {
    const [ofOld = 0, ofNew = 0] = free;
    expect(await move(asked)).toMatchObject({
      status: 200,
      body: { visit_date: NEW_DAY, moved_from: OLD_DAY, leaving: { visit_date: OLD_DAY, refund: '0.00' } },
    });
    expect(await freePlaces()).toEqual([ofOld, ofNew - 2]);
    expect(await answered(asked)).toMatchObject({ visit_date: NEW_DAY, status: 'active' });
    expect(await freePlaces()).toEqual([ofOld + 2, ofNew - 2]);
  });

  test('are undone where a park that was cut off had let the party in on the old day', async () => {
    const moved = await move(used);
    expect(moved.body).toMatchObject({ visit_date: NEW_DAY, leaving: { visit_date: OLD_DAY } });
    const waiting = await freePlaces();
    // The park hears nothing of it, and the old day comes.
    await goTo(NOON_MS + 3 * DAY_MS);
    expect(await scanAtPark(asked)).toMatchObject([{ outcome: 'revoked' }]);
    expect(await scanAtPark(used)).toMatchObject([{ outcome: 'admitted', people_admitted: 2 }]);
    expect(await answered(used)).toMatchObject({
      visit_date: OLD_DAY,
      moved_from: NEW_DAY,
      status: 'used',
      remaining: 0,
    });
    const [ofOld = 0, ofNew = 0] = waiting;
    expect(await freePlaces()).toEqual([ofOld, ofNew + 2]);
    await goTo(NOON_MS + 5 * DAY_MS);
    await sync();
    expect(await scanAtPark(moved.body)).toMatchObject([{ outcome: 'revoked' }]);
    expect(await scanAtPark(await ticketAtHq(asked))).toMatchObject([{ outcome: 'admitted', people_admitted: 2 }]);
  });

  test('are the same at both nodes, and break no rule', async () => {
    await sync();
    await sync();
    const [atHeadquarters, there] = await Promise.all(
      [headquarters, park].map(async ({ app }) => scopeHashes(app.database, projections)),
    );
    const ofPark = atHeadquarters?.filter(({ scope }) => there?.some((one) => one.scope === scope));
    expect(ofPark?.length).toBeGreaterThan(0);
    expect(there).toEqual(ofPark);
    for (const node of [headquarters, park]) {
      const findings = await auditRules(node.databaseUrl, { facts: null, ssl: 'disable' });
      expect(findings.filter(({ holds }) => !holds)).toEqual([]);
    }
  });
});
