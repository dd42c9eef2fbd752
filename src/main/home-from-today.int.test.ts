import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest, openSmallPark } from '../../test/e2e/guests.ts';
import { describeWithDatabase } from '../../test/support/database.ts';
import { enrol, type OwnNode } from '../../test/support/nodes.ts';
import { startOwnApi } from '../../test/support/own-api.ts';
import { openParkSync } from '../../test/support/park-sync.ts';
import { createCleanUp, type Settings, type TestApi } from '../../test/support/product.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { auditRules } from './cli/check.ts';

const TODAY = '2026-12-05';
const META = { actor: 'system', correlationId: 'test' } as const;
const PARK = 'small';

type Body = Readonly<Record<string, unknown>>;

async function post(url: string, path: string, body: object, token?: string): Promise<Body> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': systemIds.next(),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Body;
}

describeWithDatabase('a park that becomes the home of today', () => {
  const clock = createManualClock(Date.parse(`${TODAY}T06:00:00Z`));
  const { later, run } = createCleanUp();
  const never = new AbortController().signal;
  let headquarters: OwnNode;
  let park: OwnNode;
  let login: object;

  const startNode = (more: Settings): Promise<OwnNode> => startOwnApi(more, clock, later);

  const signIn = async ({ url }: TestApi) => String((await post(url, '/auth/login', login))['access_token']);

  async function scan(at: TestApi, code: unknown, people?: number): Promise<unknown> {
    const asked = { code, people, direction: 'in', gate: 'main', scan_id: systemIds.next() };
    const scans = [{ ...asked, scanned_at: new Date(clock.now()).toISOString() }];
    const { results, code: refused } = await post(at.url, '/gate/scans', { scans }, await signIn(at));
    return refused ?? (results as readonly Body[])[0]?.['outcome'];
  }

  beforeAll(async () => {
    headquarters = await startNode({});
    await openSmallPark(headquarters.app, PARK, 10);
    const parkRole = { SKYPARK_ROLE: 'park', SKYPARK_PARK_ID: PARK, SKYPARK_NODE_ID: 'park-small' };
    park = await startNode({ ...parkRole, SKYPARK_HQ_URL: headquarters.url });
    const staff = await newGuest(headquarters.url);
    login = staff.login;
    await headquarters.app.modules.auth.grantRole({ userId: staff.userId, role: 'gate', parkId: PARK }, META);
  }, 120_000);
  afterAll(run);

  test('goes on where headquarters had set the limit of the day, and is heard', async () => {
    const party = { park_id: PARK, children: [{ age: 5 }], adults: 1, method: 'elcard_terminal' };
    const sale = { ...party, terminal_reference: '18' };
    const ticket = await post(headquarters.url, '/gate/sales', sale, await signIn(headquarters));
    // Nobody has come in, so the day can still change its home; but its gates were asked.
    expect(await scan(headquarters, ticket['admission_code'], 5)).toBe('partly_used');
    await enrol(headquarters.app, park.app, TODAY);
    const link = await openParkSync(park.app, clock);
    await link.round(never);
    expect(await scan(headquarters, ticket['admission_code'])).toBe('not_home');
    expect(await scan(park, ticket['admission_code'])).toBe('admitted');
    expect(await link.round(never)).toBe('drained');
    const kept = await headquarters.app.replication.quarantined({ nodeIds: null, after: null, limit: 10 });
    expect(kept).toEqual([]);
    expect(await headquarters.app.modules.admission.occupancy([PARK])).toEqual([2]);
    for (const { databaseUrl: url } of [headquarters, park]) {
      const findings = await auditRules(url, { facts: null, ssl: 'disable' });
      expect(findings.filter(({ holds }) => !holds)).toEqual([]);
    }
  }, 120_000);
});
