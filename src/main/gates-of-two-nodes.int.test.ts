import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGuest, openSmallPark } from '../../test/e2e/guests.ts';
import { describeWithDatabase } from '../../test/support/database.ts';
import { enrol, type OwnNode } from '../../test/support/nodes.ts';
import { startOwnApi } from '../../test/support/own-api.ts';
import { openParkSync } from '../../test/support/park-sync.ts';
import { createCleanUp, type Settings, type TestApi } from '../../test/support/product.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds } from '../infrastructure/ids.ts';
import type { AdmissionCommand } from '../modules/admission/domain/admission-messages.ts';
import { admission } from '../modules/admission/domain/admission.ts';
import { auditRules } from './cli/check.ts';

const [FIRST, SECOND, THIRD, FOURTH] = ['2026-12-05', '2026-12-06', '2026-12-07', '2026-12-08'];
const DAY_MS = 86_400_000;
const META = { actor: 'system', correlationId: 'test' } as const;
const PARK = 'small';

type Body = Readonly<Record<string, unknown>>;

/** What is asked of a node by whoever works at the park; they sign in anew each time, as tokens are for one node. */
async function ask(at: TestApi, login: object, method: 'GET' | 'POST', path: string, body?: object): Promise<Body> {
  const call = async (verb: string, route: string, sent: object | undefined, token: string): Promise<Body> => {
    const response = await fetch(`${at.url}/api/v1${route}`, {
      method: verb,
      headers: {
        ...(sent === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': systemIds.next() }),
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    return (await response.json()) as Body;
  };
  const signedIn = await call('POST', '/auth/login', login, '');
  return call(method, path, body, String(signedIn['access_token']));
}

describeWithDatabase('tickets at whose gates several nodes are, one after the other', { timeout: 120_000 }, () => {
  const clock = createManualClock(Date.parse(`${FIRST}T06:00:00Z`));
  const { later, run } = createCleanUp();
  const never = new AbortController().signal;
  let headquarters: OwnNode;
  let park: OwnNode;
  let login: object;
  let round: () => Promise<string>;
  /** Moved from the second day to the third. */
  let moved: Body;
  let codeBefore: unknown;
  /** Of another ticket that is moved so, the code before and the one after. */
  let codesOfBoth: readonly unknown[];
  /** For the third day. */
  let cancelled: Body;
  let known: Body;
  let begun: Body;
  /** For the second day, and not moved. */
  let neighbour: Body;
  /** For the fourth day. */
  let late: Body;

  const startNode = (more: Settings): Promise<OwnNode> => startOwnApi(more, clock, later);

  /** A node of the park that is its home from a day on. */
  async function openNode(nodeId: string, homeFrom: string): Promise<void> {
    const role = { SKYPARK_ROLE: 'park', SKYPARK_PARK_ID: PARK, SKYPARK_NODE_ID: nodeId };
    park = await startNode({ ...role, SKYPARK_HQ_URL: headquarters.url });
    await enrol(headquarters.app, park.app, homeFrom);
    const link = await openParkSync(park.app, clock);
    round = () => link.round(never);
    await round();
  }

  const atHq = (method: 'GET' | 'POST', path: string, body?: object) => ask(headquarters, login, method, path, body);
  const buy = (visitDate: string): Promise<Body> => {
    const children = [{ name: 'Aibek', age: 5 }];
    return atHq('POST', '/tickets', { park_id: PARK, visit_date: visitDate, children, adults: 1 });
  };
  const cancel = ({ id }: Body) => atHq('POST', `/admin/tickets/${String(id)}/cancel`, { reason: 'Ill' });
  const scanOf = (code: unknown, more: object = {}) => {
    const shown = { scan_id: systemIds.next(), code, direction: 'in', gate: 'main' };
    return { ...shown, scanned_at: new Date(clock.now()).toISOString(), ...more };
  };
  async function scan(at: TestApi, one: object): Promise<unknown> {
    const { results, code } = await ask(at, login, 'POST', '/gate/scans', { scans: [one] });
    return (results as readonly unknown[] | undefined)?.[0] ?? code;
  }
  const cutOff = { people: 1, decided_offline: true };
  async function incidentsOf(at: TestApi, ticket: Body): Promise<readonly Body[]> {
    const { items } = await ask(at, login, 'GET', `/admin/incidents?park_id=${PARK}`);
    return (items as readonly Body[]).filter(({ ticket_id: id }) => id === ticket['id']);
  }
  const resolve = (at: TestApi, incident: Body | undefined) =>
    ask(at, login, 'POST', `/admin/incidents/${String(incident?.['id'])}/resolve`, {
      resolution: 'gate_mistake',
      note: 'the gate had been cut off',
    });

  /** Headquarters has all that the park wrote, nothing waits for a person, and at both all holds. */
  async function expectInStep(): Promise<void> {
    expect(await round()).toBe('drained');
    expect(await headquarters.app.replication.quarantined({ nodeIds: null, after: null, limit: 10 })).toEqual([]);
    for (const node of [headquarters, park]) {
      const findings = await auditRules(node.databaseUrl, { facts: null, ssl: 'disable' });
      expect(findings.filter(({ holds }) => !holds)).toEqual([]);
    }
  }

  beforeAll(async () => {
    headquarters = await startNode({});
    await openSmallPark(headquarters.app, PARK, 50, '0.00');
    const { userId, login: words } = await newGuest(headquarters.url);
    login = words;
    for (const role of ['gate', 'manager'] as const)
      await headquarters.app.modules.auth.grantRole({ userId, role, parkId: PARK }, META);
    const before = await buy(SECOND);
    codeBefore = before['admission_code'];
    moved = await atHq('POST', `/tickets/${String(before['id'])}/move`, { visit_date: THIRD });
    [cancelled, known, begun, late] = [await buy(THIRD), await buy(THIRD), await buy(THIRD), await buy(FOURTH)];
    await cancel(cancelled);
    neighbour = await buy(SECOND);
    const both = await buy(SECOND);
    const after = await atHq('POST', `/tickets/${String(both['id'])}/move`, { visit_date: THIRD });
    codesOfBoth = [both['admission_code'], after['admission_code']];
  }, 120_000);
  afterAll(run);

  test('are let in by an old code at headquarters, which looks into it', async () => {
    clock.advance(DAY_MS);
    expect(await scan(headquarters, scanOf(codeBefore, cutOff))).toMatchObject({ outcome: 'revoked' });
    expect(await scan(headquarters, scanOf(codesOfBoth[0], cutOff))).toMatchObject({ outcome: 'revoked' });
    expect(await scan(headquarters, scanOf(neighbour['admission_code']))).toMatchObject({ people_admitted: 2 });
    const [incident] = await incidentsOf(headquarters, moved);
    expect(await resolve(headquarters, incident)).toMatchObject({ status: 'resolved' });
  });

  test('are refused there and at the node that the park then has, each for itself', async () => {
    const refused = scanOf(cancelled['admission_code']);
    expect(await scan(headquarters, refused)).toMatchObject({ outcome: 'wrong_date', repeated: false });
    await openNode('park-small', THIRD);
    clock.advance(DAY_MS);
    await round();
    expect(await scan(headquarters, refused)).toBe('not_home');
    const asked = { ...refused, scanned_at: new Date(clock.now()).toISOString() };
    expect(await scan(park, asked)).toMatchObject({ outcome: 'cancelled', people_admitted: 0, repeated: false });
    expect(await scan(park, asked)).toMatchObject({ outcome: 'cancelled', repeated: true });
    await expectInStep();
    const answers = await headquarters.app.modules.admission.scansOf([String(cancelled['id'])]);
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['cancelled', 'wrong_date']);
  });

  test('are let in there by a gate that was cut off, although headquarters had ended them: that is one incident', async () => {
    const one = scanOf(cancelled['admission_code'], cutOff);
    expect(await scan(park, one)).toMatchObject({ outcome: 'cancelled', people_admitted: 1 });
    expect(await scan(park, one)).toMatchObject({ outcome: 'cancelled', people_admitted: 1, repeated: true });
    await expectInStep();
    for (const node of [headquarters, park]) {
      expect(await incidentsOf(node, cancelled)).toMatchObject([
        { status: 'open', place: 1, scan_ids: [one.scan_id], winner: { node_id: 'park-small' } },
      ]);
    }
  });

  test('go out where they came in, also when others of them have come in at the other node since', async () => {
    const [before, after] = codesOfBoth;
    expect(await scan(park, scanOf(after))).toMatchObject({ outcome: 'admitted', people_admitted: 2 });
    await round();
    const out = scanOf(before, { ...cutOff, direction: 'out' });
    expect(await scan(headquarters, out)).toMatchObject({ outcome: 'exited', people_exited: 1 });
    clock.advance(1_000);
    expect(await scan(park, scanOf(after, { direction: 'out' }))).toMatchObject({ people_exited: 2 });
    expect(await round()).toBe('drained');
  });

  test('join at headquarters what both have told of them', async () => {
    const code = moved['admission_code'];
    expect(await scan(park, scanOf(code))).toMatchObject({ outcome: 'admitted', people_admitted: 2 });
    const again = scanOf(code, cutOff);
    expect(await scan(park, again)).toMatchObject({ outcome: 'already_used', people_admitted: 1 });
    const [there] = await incidentsOf(park, moved);
    expect(await resolve(park, there)).toMatchObject({ status: 'resolved' });
    await expectInStep();
    const [incident, ...others] = await incidentsOf(headquarters, moved);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ id: there?.['id'], status: 'resolved', winner: { node_id: 'hq' } });
    expect(incident?.['scan_ids']).toHaveLength(3);
    expect(incident?.['scan_ids']).toContain(again.scan_id);
  });

  test('are known of at the park from before each node wrote for itself', async () => {
    const { modules } = park.app;
    const ticketId = String(begun['id']);
    const facts = await modules.booking.ticketFacts.byId(ticketId);
    const passage = { scanId: systemIds.next(), people: 1, gate: 'main', nodeId: 'park-small', overLimit: false };
    const command: AdmissionCommand = {
      ...passage,
      kind: 'admit',
      ticketId,
      userId: facts?.userId ?? null,
      parkId: PARK,
      visitDate: THIRD,
      partySize: 2,
      saidAtMs: clock.now(),
      scannedAtMs: clock.now(),
      reEntry: 'none',
      override: null,
    };
    const stream = systemIds.derive(`admission:${ticketId}`);
    expect(await modules.runner.run(admission, stream, command, { ...META, parkId: PARK })).toMatchObject({ ok: true });
    const code = begun['admission_code'];
    expect(await scan(park, scanOf(code, { people: 2 }))).toMatchObject({ outcome: 'partly_used', remaining: 1 });
    expect(await scan(park, scanOf(code))).toMatchObject({ outcome: 'admitted', people_admitted: 1, remaining: 0 });
    await expectInStep();
    for (const node of [headquarters, park])
      expect(await node.app.modules.admission.findAdmission(ticketId)).toMatchObject({ entered: 2, inside: 2 });
  });

  test('are gone on with by headquarters, the heir, by all that the node had told', async () => {
    expect(await scan(park, scanOf(known['admission_code'], { people: 1 }))).toMatchObject({ outcome: 'admitted' });
    await expectInStep();
    await headquarters.app.modules.nodes.keepNodes.revoke('park-small', META);
    expect(await scan(headquarters, scanOf(known['admission_code'], { people: 2 }))).toMatchObject({
      outcome: 'partly_used',
    });
    expect(await scan(headquarters, scanOf(known['admission_code']))).toMatchObject({
      people_admitted: 1,
      remaining: 0,
    });
    expect(await cancel(known)).toMatchObject({ code: 'already_admitted' });
    for (const [ticket, people] of [
      [begun, 2],
      [known, 2],
      [moved, 4],
    ] as const) {
      const out = scanOf(ticket['admission_code'], { direction: 'out' });
      expect(await scan(headquarters, out)).toMatchObject({ outcome: 'exited', people_exited: people });
    }
    expect(await headquarters.app.modules.admission.occupancy([PARK])).toEqual([1]);
  });

  test('and ended by it, are let in at the next node of the park: that is one incident', async () => {
    expect(await cancel(late)).toMatchObject({ status: 'cancelled' });
    await openNode('park-small-2', FOURTH);
    clock.advance(DAY_MS);
    await round();
    expect(await scan(park, scanOf(late['admission_code'], cutOff))).toMatchObject({ outcome: 'cancelled' });
    await expectInStep();
    expect(await incidentsOf(headquarters, late)).toMatchObject([{ winner: { node_id: 'park-small-2' } }]);
  });
});
