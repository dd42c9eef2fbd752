import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest, openSmallPark } from '../../test/e2e/guests.ts';
import { createTestDatabase, describeWithDatabase, type TestDatabase } from '../../test/support/database.ts';
import { enrol, type OwnNode } from '../../test/support/nodes.ts';
import { startOwnApi } from '../../test/support/own-api.ts';
import { openParkSync } from '../../test/support/park-sync.ts';
import {
  createCleanUp,
  localSettings,
  startTestApi,
  temporaryDataDir,
  type TestApi,
} from '../../test/support/product.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { scopeHashes } from '../infrastructure/event-store/scope-hashes.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { SILENT_MS } from '../sync/headquarters/judge-voice.ts';
import { auditRules } from './cli/check.ts';
import { projections } from './migration-sources.ts';
import { livesOf } from './park-lives.ts';
import { parkIdentity } from './park-sync.ts';

const TODAY = '2026-12-06';
const META = { actor: 'system', correlationId: 'test' } as const;
const PARK = 'small';
const NODE = 'park-small';

type Body = Readonly<Record<string, unknown>>;
type Shown = { readonly items: readonly Body[] };

describeWithDatabase.each([
  ['in the talk in which it is taken back', []],
  ['at the start after a crash, although the gates went on before it', ['crash']],
  ['at the start after a crash, although a further life had begun before it', ['life', 'crash']],
])('tickets of a park that was put back are counted anew %s', { timeout: 120_000 }, (_when, mishaps) => {
  const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
  const { later, run } = createCleanUp();
  const never = new AbortController().signal;
  let headquarters: OwnNode;
  let login: object;
  let settings: Awaited<ReturnType<typeof localSettings>>;
  let database: TestDatabase;
  let backup: TestDatabase;
  let park: TestApi;
  /** Scanned at both lives by gates that were cut off, at both by gates that asked, and in parts. */
  let copied: Body;
  let shownTwice: Body;
  let inParts: Body;
  let lost: Body;
  /** Ended by the first life, and shown at the second one, which does not know that. */
  let cancelled: Body;
  /** The other way round. */
  let cancelledAfter: Body;
  /** Shown when all is taken back, and perhaps not counted anew. */
  let shownLast: Body;

  /** The node on one of its databases; what begins a new life of its log does. */
  async function startPark(on: TestDatabase): Promise<void> {
    database = on;
    park = await startTestApi({ ...settings, DATABASE_URL: on.url }, clock, later);
    const { signer } = await parkIdentity(park.app);
    await livesOf(park.app, signer).settle();
  }

  async function round(isCutShort = false): Promise<string> {
    const { signer } = await parkIdentity(park.app);
    const lives = livesOf(park.app, signer);
    const crashed = {
      ...lives,
      takeBack: <Answer>(store: () => Promise<Answer>) =>
        park.app.appendGate.alone(async () => {
          await park.app.modules.admission.catchingUp.fallBehind();
          return store();
        }),
    };
    const sync = await openParkSync(park.app, clock, { lives: isCutShort ? crashed : lives });
    return sync.round(never);
  }

  async function ask(at: TestApi, method: 'GET' | 'POST', path: string, body?: object): Promise<Body> {
    const call = async (verb: string, route: string, sent?: object, token?: string): Promise<Body> => {
      const response = await fetch(`${at.url}/api/v1${route}`, {
        method: verb,
        headers: {
          ...(sent === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': systemIds.next() }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      return (await response.json()) as Body;
    };
    const signedIn = await call('POST', '/auth/login', login);
    return call(method, path, body, String(signedIn['access_token']));
  }

  async function scan(ticket: Body, more: object = {}): Promise<Body | undefined> {
    const shown = { scan_id: systemIds.next(), code: ticket['admission_code'], direction: 'in', gate: 'main' };
    const one = { ...shown, scanned_at: new Date(clock.now()).toISOString(), ...more };
    const { results } = await ask(park, 'POST', '/gate/scans', { scans: [one] });
    return (results as readonly Body[] | undefined)?.[0];
  }

  async function end(ticket: Body): Promise<void> {
    const question = { ticketId: String(ticket['id']), parkId: PARK, visitDate: TODAY, partySize: 2 };
    const asked = { ...question, why: 'guest' as const, voidId: systemIds.next() };
    await park.app.modules.admission.answerVoid(asked, META);
  }

  const alone = { people: 2, decided_offline: true };

  async function expectInside(ticket: Body, counts: object): Promise<void> {
    for (const node of [headquarters, park])
      expect(await node.app.modules.admission.findAdmission(String(ticket['id']))).toMatchObject(counts);
  }

  /** By place, as both nodes show them. */
  async function incidentsOf(ticket: Body): Promise<readonly Body[]> {
    const shown = await Promise.all(
      [headquarters, park].map(async (node) => {
        const { items } = (await ask(node, 'GET', `/admin/incidents?park_id=${PARK}`)) as Shown;
        const its = items.filter(({ ticket_id: id }) => id === ticket['id']);
        return its.toSorted((one, other) => Number(one['place']) - Number(other['place']));
      }),
    );
    const [there = [], here = []] = shown;
    expect(here.map(({ id, winner, scan_ids: scans }) => ({ id, winner, scans }))).toEqual(
      there.map(({ id, winner, scan_ids: scans }) => ({ id, winner, scans })),
    );
    return there;
  }

  async function expectInStep(): Promise<void> {
    expect(await round()).toBe('drained');
    const [here, there] = await Promise.all(
      [park, headquarters].map(({ app }) => scopeHashes(app.database, projections)),
    );
    const of = (hashes: typeof here) => hashes?.find(({ scope }) => scope === PARK);
    expect(of(here)).toEqual(of(there));
    for (const url of [headquarters.databaseUrl, database.url]) {
      const findings = await auditRules(url, { facts: null, ssl: 'disable' });
      expect(findings.filter(({ holds }) => !holds)).toEqual([]);
    }
  }

  beforeAll(async () => {
    headquarters = await startOwnApi({}, clock, later);
    await openSmallPark(headquarters.app, PARK, 50, '0.00');
    const { userId, login: words } = await newGuest(headquarters.url);
    login = words;
    for (const role of ['gate', 'manager'] as const)
      await headquarters.app.modules.auth.grantRole({ userId, role, parkId: PARK }, META);
    const children = [{ name: 'Aibek', age: 5 }];
    const buy = () => ask(headquarters, 'POST', '/tickets', { park_id: PARK, visit_date: TODAY, children, adults: 1 });
    [copied, shownTwice, inParts, lost] = [await buy(), await buy(), await buy(), await buy()];
    [cancelled, cancelledAfter, shownLast] = [await buy(), await buy(), await buy()];
    settings = await localSettings(await temporaryDataDir(later), {
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: PARK,
      SKYPARK_NODE_ID: NODE,
      SKYPARK_HQ_URL: headquarters.url,
    });
    const original = await createTestDatabase();
    later(() => original.drop());
    await startPark(original);
    await enrol(headquarters.app, park.app, TODAY);
    await round();
    clock.advance(86_400_000);
    await round();
    await park.stop();
    backup = await createTestDatabase({ copyOf: original });
    later(() => backup.drop());
    await startPark(original);
  }, 120_000);
  afterAll(run);

  test('are what the first life tells of them', async () => {
    for (const ticket of [copied, shownTwice, lost, cancelledAfter])
      expect(await scan(ticket)).toMatchObject({ people_admitted: 2 });
    expect(await scan(inParts, { people: 1 })).toMatchObject({ people_admitted: 1 });
    await expectInStep();
    await end(cancelled);
    await expectInStep();
    await park.stop();
  });

  test('are counted anew when the life after has let people in and then hears of the first: incidents say so', async () => {
    // The process of before is not heard any more.
    clock.advance(SILENT_MS);
    await startPark(backup);
    expect((await park.app.replication.authors()).filter(({ nodeId }) => nodeId === NODE)).toHaveLength(2);
    expect(await scan(copied, alone)).toMatchObject({ outcome: 'admitted', people_admitted: 2 });
    expect(await scan(shownTwice)).toMatchObject({ outcome: 'admitted', people_admitted: 2 });
    expect(await scan(inParts, { people: 1 })).toMatchObject({ outcome: 'admitted', remaining: 1 });
    expect(await scan(cancelled, alone)).toMatchObject({ outcome: 'admitted', people_admitted: 2 });
    await end(cancelledAfter);
    expect(await round(mishaps.length > 0)).toBe('drained');
    expect(await scan(shownLast)).toMatchObject({ outcome: 'admitted', people_admitted: 2 });
    if (mishaps.includes('life')) {
      const { signer } = await parkIdentity(park.app);
      await livesOf(park.app, signer).restart('restored', never);
    }
    if (mishaps.includes('crash')) {
      expect(await park.app.store.read(0, 10_000, ['AdmissionRecounted'])).toEqual([]);
      await park.stop();
      await startPark(backup);
    }
    expect(await park.app.store.read(0, 10_000, ['AdmissionRecounted'])).toHaveLength(5);
    await expectInStep();
    for (const ticket of [cancelled, cancelledAfter]) {
      await expectInside(ticket, { inside: 2 });
      expect(await incidentsOf(ticket)).toMatchObject([{ place: 1 }, { place: 2 }]);
    }
    for (const ticket of [copied, shownTwice]) {
      await expectInside(ticket, { entered: 2, inside: 4 });
      expect(await incidentsOf(ticket)).toMatchObject([{ place: 1 }, { place: 2 }]);
    }
    await expectInside(inParts, { entered: 2, inside: 2 });
    expect(await incidentsOf(inParts)).toEqual([]);
    await expectInside(lost, { entered: 2, inside: 2 });
    expect(await park.app.modules.admission.occupancy([PARK])).toEqual([18]);
  });

  test('are gone on with from there: another start tells nothing, and all who are inside go out', async () => {
    await park.stop();
    await startPark(backup);
    expect(await round()).toBe('drained');
    expect(await park.app.store.read(0, 10_000, ['AdmissionRecounted'])).toHaveLength(5);
    expect(await scan(inParts)).toMatchObject({ outcome: 'already_used' });
    for (const [ticket, people] of [
      [copied, 4],
      [shownTwice, 4],
      [inParts, 2],
      [lost, 2],
      [cancelled, 2],
      [cancelledAfter, 2],
      [shownLast, 2],
    ] as const)
      expect(await scan(ticket, { direction: 'out' })).toMatchObject({ outcome: 'exited', people_exited: people });
    await expectInStep();
    expect(await park.app.modules.admission.occupancy([PARK])).toEqual([0]);
  });
});
