import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import { gateKeyOf } from '../../src/infrastructure/keys/ed25519-signer.ts';
import { createZone } from '../../src/infrastructure/zone.ts';
import type { App } from '../../src/main/compose.ts';
import { loadSecrets } from '../../src/main/secrets.ts';
import type { StaffList } from '../../src/modules/auth/contract.ts';
import { homeStep } from '../../src/modules/nodes/application/assign-home.ts';
import { keysStep } from '../../src/modules/nodes/application/publish-keys.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir, type TestApi } from '../support/product.ts';
import { newGuest, openSmallPark, type Guest } from './guests.ts';

/** Noon in Bishkek. */
const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const HOUR_MS = 3_600_000;
const PARK = 'small';
const META = { actor: 'system', correlationId: 'test' };

type Answer = { readonly status: number; readonly body: Record<string, unknown> };

/** As it arrives: what one node answers, another one reads as text. */
const sent = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

describeWithDatabase('the staff of a park at its own node', () => {
  const { later, run } = createCleanUp();
  const clock = createManualClock(NOON_MS);
  let hq: TestApi;
  let park: TestApi;
  let gate: Guest;

  async function open(more: Readonly<Record<string, string>>): Promise<TestApi> {
    const database = await createTestDatabase();
    later(() => database.drop());
    const dataDir = await temporaryDataDir(later);
    return startTestApi(await localSettings(dataDir, { DATABASE_URL: database.url, ...more }), clock, later);
  }

  beforeAll(async () => {
    hq = await open({});
    park = await open({
      SKYPARK_ROLE: 'park',
      SKYPARK_NODE_ID: 'small-1',
      SKYPARK_PARK_ID: PARK,
      SKYPARK_HQ_URL: hq.url,
    });
    // As headquarters tells it.
    for (const { app } of [hq, park]) await openSmallPark(app, PARK, 100);
    for (const [at, owner, parkId] of [
      [park, hq, null],
      [hq, park, PARK],
    ] as const) {
      const { admissionKeys } = await loadSecrets(owner.app.config);
      const keys = admissionKeys.map(({ publicKey }) => gateKeyOf(publicKey));
      const step = keysStep(ids, { nodeId: owner.app.config.nodeId, parkId }, keys);
      await at.app.modules.runner.runAll([step], META);
    }
    const { modules } = park.app;
    const tools = { ids, zone: createZone(), clock, hasAdmitted: async () => false, nodeId: 'hq' };
    await modules.runner.runAll([await homeStep(tools, { parkId: PARK, nodeId: 'small-1', from: '2026-12-05' })], META);
    gate = await newGuest(hq.url);
    await grant(gate, 'gate', PARK);
  });
  afterAll(run);

  const grant = ({ userId }: Guest, role: 'gate' | 'manager' | 'finance' | 'admin', parkId: string | null) =>
    hq.app.modules.auth.grantRole({ userId, role, parkId }, META);

  const staffList = async (): Promise<StaffList> => sent(await hq.app.modules.auth.staffCardsOf(PARK));
  const tell = async (list?: StaffList) => park.app.modules.auth.keepStaffCards?.(list ?? (await staffList()));

  async function call(at: TestApi, path: string, token: string | null, body?: object): Promise<Answer> {
    const response = await fetch(`${at.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  const changePassword = (token: string, change: object) =>
    fetch(`${hq.url}/api/v1/auth/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(change),
    });

  const login = (at: TestApi, { login: words }: Guest): Promise<Answer> => call(at, '/auth/login', null, words);
  const tokenAt = async (at: TestApi, guest: Guest): Promise<string> =>
    String((await login(at, guest)).body['access_token']);

  /** A code for today, signed with the key of a node. */
  const codeBy = ({ modules }: App, parkId = PARK): string =>
    modules.admission.issueCode({
      ticketId: ids.next(),
      parkId,
      visitDate: '2026-12-05',
      partySize: 3,
      validFromMs: NOON_MS - HOUR_MS,
      validUntilMs: NOON_MS + 8 * HOUR_MS,
    });

  async function scan(at: TestApi, token: string, code: string) {
    const scanned = { scan_id: ids.next(), code, direction: 'in', gate: 'main', scanned_at: '2026-12-05T06:00:00Z' };
    const { body } = await call(at, '/gate/scans', token, { scans: [scanned] });
    return (body['results'] as readonly Answer['body'][])[0];
  }

  describe('who is told of', () => {
    test('is whoever works there or at all parks, and nobody who runs the chain, whatever else they are', async () => {
      const [elsewhere, admin, everywhere] = [await newGuest(hq.url), await newGuest(hq.url), await newGuest(hq.url)];
      const treasurer = await newGuest(hq.url);
      await openSmallPark(hq.app, 'other', 10);
      await grant(elsewhere, 'manager', 'other');
      await grant(admin, 'admin', null);
      await grant(admin, 'manager', PARK);
      await grant(treasurer, 'finance', null);
      await grant(treasurer, 'gate', null);
      for (const role of ['gate', 'manager'] as const) await grant(everywhere, role, null);
      const { cards } = await staffList();
      expect(new Set(cards.map(({ userId }) => userId))).toEqual(new Set([gate.userId, everywhere.userId]));
      expect(cards.map(({ roles }) => roles)).toEqual([['gate'], ['gate', 'manager']]);
    });

    test('signs in at the park, with tokens that are good nowhere else', async () => {
      expect((await login(park, gate)).status).toBe(401);
      expect(await tell()).toBe(true);
      const signedIn = await login(park, gate);
      expect(signedIn).toMatchObject({ status: 200, body: { user: { id: gate.userId } } });
      const [here, there] = [String(signedIn.body['access_token']), await tokenAt(hq, gate)];
      const devices = '/gate/shifts?park_id=small';
      expect((await call(park, devices, here)).status).toBe(200);
      expect((await call(hq, devices, there)).status).toBe(200);
      expect((await call(hq, devices, here)).status).toBe(401);
      expect((await call(park, devices, there)).status).toBe(401);
    });

    test('is signed out by the first list without them, which no older one undoes', async () => {
      const before = await staffList();
      await tell(before);
      const token = await tokenAt(park, gate);
      await hq.app.modules.auth.revokeRole({ userId: gate.userId, role: 'gate', parkId: PARK }, META);
      await tell();
      expect((await call(park, '/gate/shifts?park_id=small', token)).status).toBe(401);
      expect((await login(park, gate)).status).toBe(401);
      expect(await tell(before)).toBe(false);
      expect((await login(park, gate)).status).toBe(401);
      await grant(gate, 'gate', PARK);
      await tell();
      expect((await login(park, gate)).status).toBe(200);
    });

    test('signs in with a password that was changed at headquarters, and has to', async () => {
      await tell();
      const [old, token] = [gate.login.password, await tokenAt(park, gate)];
      const change = { current_password: old, new_password: 'another horse of Naryn' };
      expect((await changePassword(await tokenAt(hq, gate), change)).status).toBe(204);
      await tell();
      expect((await call(park, '/gate/shifts?park_id=small', token)).status).toBe(401);
      expect((await login(park, gate)).status).toBe(401);
      gate = { ...gate, login: { ...gate.login, password: change.new_password } };
      expect((await login(park, gate)).status).toBe(200);
    });

    test('gets in for three days without a word from headquarters, and then no more', async () => {
      await tell();
      clock.advance(72 * HOUR_MS - 1);
      expect((await login(park, gate)).status).toBe(200);
      clock.advance(1);
      expect((await login(park, gate)).status).toBe(401);
      clock.set(NOON_MS);
    });
  });

  describe('at the gate', () => {
    test('lets a party in by a code alone whose ticket the park was not told of, once', async () => {
      await tell();
      const token = await tokenAt(park, gate);
      for (const code of [codeBy(hq.app), codeBy(park.app)]) {
        expect(await scan(park, token, code)).toMatchObject({
          outcome: 'admitted',
          people_admitted: 3,
          known_here: false,
          ticket: { qr_code: null, status: 'used', people: 3, children: [] },
        });
        expect(await scan(park, token, code)).toMatchObject({ outcome: 'already_used', known_here: false });
      }
    });

    test('takes no code that headquarters has not signed or certified, nor one of another park', async () => {
      const token = await tokenAt(park, gate);
      expect(await scan(park, token, `${codeBy(hq.app).slice(0, -4)}AAAA`)).toMatchObject({ outcome: 'bad_signature' });
      expect(await scan(park, token, codeBy(hq.app, 'other'))).toMatchObject({ outcome: 'wrong_park', ticket: null });
    });

    test('sells nothing by ELQR, and nothing at all before it was granted places', async () => {
      const token = await tokenAt(park, gate);
      const sale = { park_id: PARK, children: [{ age: 5 }], method: 'elqr' };
      expect(await call(park, '/gate/sales', token, sale)).toMatchObject({
        status: 503,
        body: { code: 'provider_unavailable' },
      });
      const byCard = { ...sale, method: 'elcard_terminal', terminal_reference: '000017' };
      expect(await call(park, '/gate/sales', token, byCard)).toMatchObject({
        status: 409,
        body: { code: 'park_at_capacity', remaining: 0 },
      });
    });
  });

  test('headquarters takes codes of a park for this park alone', async () => {
    const token = await tokenAt(hq, gate);
    // It knows all tickets there are, and these are none.
    expect(await scan(hq, token, codeBy(park.app))).toMatchObject({ outcome: 'unknown' });
    expect(await scan(hq, token, codeBy(park.app, 'other'))).toMatchObject({ outcome: 'bad_signature' });
  });

  test('the log of a park says of everything that it is about this park', async () => {
    const events = await park.app.store.read(0, 1000);
    const elsewhere = events.filter(({ type, parkId }) => type !== 'AdmissionKeyPublished' && parkId !== PARK);
    expect(elsewhere.map(({ type }) => type)).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['PeopleAdmitted', 'ScanRefused']));
  });
});
