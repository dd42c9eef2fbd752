import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../test/support/database.ts';
import { SILENT_MS } from '../sync/headquarters/judge-voice.ts';
import { startOwnApi } from '../../test/support/own-api.ts';
import { openParkSync } from '../../test/support/park-sync.ts';
import { createCleanUp, type Settings, type TestApi } from '../../test/support/product.ts';
import { newGuest } from '../../test/e2e/guests.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { enrolAt } from '../sync/park/enrol.ts';
import type { ParkTools, SyncState } from '../sync/park/ports.ts';
import type { App } from './compose.ts';
import { parkIdentity, parkSyncJobs } from './park-sync.ts';
import { DEMO_PARKS } from './demo-parks.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const META = { actor: 'system', correlationId: 'test' } as const;
const NODE = 'park-ala-archa';

describeWithDatabase('two whole nodes over HTTP', () => {
  const clock = createManualClock(NOON_MS);
  const { later, run } = createCleanUp();
  const states: SyncState[] = [];
  const never = new AbortController().signal;
  let headquarters: TestApi;
  let park: App;
  let parkUrl = '';
  let parkId = '';

  beforeAll(async () => {
    const [first] = DEMO_PARKS;
    parkId = first?.parkId ?? '';
    const start = (more: Settings): Promise<TestApi> => startOwnApi(more, clock, later);
    headquarters = await start({});
    if (first !== undefined) await headquarters.app.modules.park.openPark(first, META);
    const more = {
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: parkId,
      SKYPARK_NODE_ID: NODE,
      SKYPARK_HQ_URL: headquarters.url,
    };
    const started = await start(more);
    park = started.app;
    parkUrl = started.url;
  }, 120_000);
  afterAll(run);

  async function enrol(code: string) {
    const { incarnation } = await park.replication.head();
    return enrolAt({
      ...(await parkIdentity(park)),
      code,
      incarnation,
      secret: (bytes: number) => systemIds.secret(bytes),
    });
  }

  const newSync = (change: Partial<ParkTools> = {}) =>
    openParkSync(park, clock, { onState: (state) => void states.push(state), ...change });

  test('whoever ends the talk of a park ends that it listens for news, also between two rounds', async () => {
    let open = 0;
    const counted: App['database'] = {
      ...park.database,
      async connection(onLost) {
        const connection = await park.database.connection(onLost);
        open += 1;
        const close = async (): Promise<void> => {
          open -= 1;
          await connection.close();
        };
        return { ...connection, close };
      },
    };
    const { close } = parkSyncJobs({ ...park, database: counted });
    await expect.poll(() => open).toBe(1);
    await close();
    expect(open).toBe(0);
  });

  test('a park is enrolled by its code, and only by it', async () => {
    expect(await enrol('guessed')).toMatchObject({ ok: false, refusal: { reason: 'node_code_invalid' } });
    const invited = await headquarters.app.modules.nodes.inviteNode({ nodeId: NODE, parkId, homeFrom: null }, META);
    if (!invited.ok) throw new Error(invited.refusal.code);
    const enrolled = await enrol(invited.value.code);
    if (!enrolled.ok) throw new Error(enrolled.refusal.reason);
    await park.modules.nodes.enrolment.keep(enrolled.value);
    expect(enrolled.value).toMatchObject({ nodeId: 'hq' });
  });

  test('the park learns who is at home there, by which keys codes are signed, and what it is', async () => {
    expect(await (await newSync()).round(never)).toBe('drained');
    expect(await park.modules.nodes.homeOf(parkId, '2026-12-05')).toBe('hq');
    expect(await park.modules.nodes.homeOf(parkId, '2026-12-06')).toBe(NODE);
    expect(await park.modules.nodes.publishedKeys()).toEqual(await headquarters.app.modules.nodes.publishedKeys());
    expect(await headquarters.app.modules.nodes.listNodes()).toMatchObject([
      { contact: { nodeId: NODE, verdict: 'ok', trouble: null }, quarantined: 0 },
    ]);
  });

  /** The answer of a node to somebody with a token. */
  async function post(url: string, path: string, body: object, token = ''): Promise<Record<string, unknown>> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': systemIds.next(),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  test('the staff of the park sign in there, and its gates know the children of a ticket by their first names', async () => {
    // From the day after its enrolment on a park is its own home.
    clock.advance(86_400_000);
    const { userId, login } = await newGuest(headquarters.url);
    await headquarters.app.modules.auth.grantRole({ userId, role: 'gate', parkId }, META);
    const { access_token: token } = await post(headquarters.url, '/auth/login', login);
    const party = { park_id: parkId, children: [{ age: 5, name: 'Aibek Asanov' }], adults: 1 };
    const paid = { method: 'elcard_terminal', terminal_reference: '000017' };
    const ticket = await post(headquarters.url, '/gate/sales', { ...party, ...paid }, String(token));
    expect(ticket).toMatchObject({ status: 'active' });
    expect(await (await newSync()).round(never)).toBe('drained');
    const { access_token: here } = await post(parkUrl, '/auth/login', login);
    const code = ticket['admission_code'];
    const scan = { scan_id: systemIds.next(), code, direction: 'in', gate: 'main', scanned_at: '2026-12-06T06:00:00Z' };
    expect(await post(parkUrl, '/gate/scans', { scans: [scan] }, String(here))).toMatchObject({
      results: [{ outcome: 'admitted', known_here: true, ticket: { children: [{ first_name: 'Aibek' }] } }],
    });
  });

  test('a log that was set back goes on in a new life, which headquarters takes; a crash in between does no harm', async () => {
    const before = await park.replication.head();
    // The process of before is not heard any more.
    clock.advance(SILENT_MS);
    await park.replication.openIncarnation('restored');
    const after = await park.replication.head();
    expect(after.incarnation).not.toBe(before.incarnation);
    // The first event of the life was never written: the next round does.
    expect(await (await newSync()).round(never)).toBe('drained');
    expect(await (await newSync()).round(never)).toBe('drained');
    const node = await headquarters.app.modules.nodes.find(NODE);
    expect(node?.incarnations).toMatchObject([
      { incarnation: before.incarnation, closed: { why: 'succeeded' }, successor: after.incarnation },
      { incarnation: after.incarnation, closed: null },
    ]);
    const told = await headquarters.app.store.read(0, 1000, ['IncarnationOpened']);
    expect(told).toMatchObject([{ parkId, data: { incarnation: after.incarnation } }]);
    expect(await park.modules.nodes.homeOf(parkId, '2026-12-06')).toBe(NODE);
  });

  test('unused tickets of its days end at headquarters when it says so, or is revoked and will never say so', async () => {
    const { userId, login } = await newGuest(headquarters.url);
    await headquarters.app.modules.auth.grantRole({ userId, role: 'gate', parkId }, META);
    const { access_token: token } = await post(headquarters.url, '/auth/login', login);
    const sale = {
      park_id: parkId,
      children: [{ age: 5 }],
      adults: 1,
      method: 'elcard_terminal',
      terminal_reference: '18',
    };
    const ticket = await post(headquarters.url, '/gate/sales', sale, String(token));
    expect(ticket).toMatchObject({ status: 'active', visit_date: '2026-12-06' });
    clock.advance(86_400_000);
    const { jobs, nodes } = headquarters.app.modules;
    const endedAfterDay = async () => {
      const job = jobs.find(({ name }) => name === 'end days');
      // A clock is believed when it was read twice.
      for (let reading = 0; reading < 2; reading += 1) await job?.run({ limit: 100, stopping: never, meta: META });
      const ended = await headquarters.app.store.read(0, 1000, ['TicketExpired']);
      return ended.some(({ streamId }) => streamId === ticket['id']);
    };
    expect(await endedAfterDay()).toBe(false);
    expect(await nodes.keepNodes.revoke(NODE, META)).toEqual({ ok: true, value: null });
    expect(await endedAfterDay()).toBe(true);
  });

  test('a revoked node is told so, and its park comes home', async () => {
    // It gives up what it might sell, and is told so again.
    expect(await (await newSync()).round(never)).toBe('restarted');
    expect(await (await newSync()).round(never)).toBe('trouble');
    expect(states.at(-1)).toMatchObject({ verdict: 'revoked' });
    expect(await headquarters.app.modules.nodes.homeOf(parkId, '2026-12-08')).toBe('hq');
  });
});
