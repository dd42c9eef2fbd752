import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { limitsOf } from '../../../infrastructure/http/limits.ts';
import { INVITATION_MS } from '../domain/device.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

describeWithDatabase('gate devices', () => {
  let server: GateServer;

  beforeAll(async () => {
    server = await openGateServer();
  });
  afterAll(() => server.close());

  const invite = async (parkId = 'ala-archa') => {
    const { body } = await server.call('manager', 'POST', '/admin/devices', { park_id: parkId });
    return body as { readonly id: string; readonly code: string };
  };
  const enrol = (code: string, name = 'North gate') =>
    server.call(null, 'POST', '/gate/devices/enroll', { code, name });
  const enrolled = async (parkId?: string) => {
    const { id, code } = await invite(parkId);
    const { body } = await enrol(code);
    return { id, credential: String(body['credential']) };
  };
  const scan = (change: object = {}) => ({
    scan_id: ids.next(),
    code: server.admission.issueCode(server.sell()),
    direction: 'in',
    scanned_at: NOW,
    gate: 'main',
    ...change,
  });

  test('a code enrols one device, which may scan and validate at its park', async () => {
    const { id, code } = await invite();
    const { status, body } = await enrol(code);
    expect(status).toBe(201);
    expect(body).toMatchObject({ id, park_id: 'ala-archa', name: 'North gate' });
    const credential = String(body['credential']);
    expect(credential).toMatch(/^spd_[A-Za-z0-9_-]{43}$/);
    expect(await server.call(credential, 'POST', '/gate/scans', { scans: [scan()] })).toMatchObject({
      status: 200,
      body: { results: [{ outcome: 'admitted' }] },
    });
    const { qrCode } = server.sell();
    expect(await server.call(credential, 'GET', `/tickets/validate/${qrCode}`)).toMatchObject({ status: 200 });
  });

  test('a device of another park is at the wrong one', async () => {
    const { credential } = await enrolled('osh');
    expect((await server.call(credential, 'POST', '/gate/scans', { scans: [scan()] })).body).toMatchObject({
      results: [{ outcome: 'wrong_park', ticket: { children: [] } }],
    });
  });

  test('a device can do nothing else: no devices, no override', async () => {
    const { id, credential } = await enrolled();
    const insisting = scan({ override: { reason: 'please' } });
    for (const answer of [
      await server.call(credential, 'GET', '/admin/devices?park_id=ala-archa'),
      await server.call(credential, 'POST', '/admin/devices', { park_id: 'ala-archa' }),
      await server.call(credential, 'DELETE', `/admin/devices/${id}`),
      await server.call(credential, 'POST', '/gate/scans', { scans: [insisting] }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });

  describe('a code', () => {
    const refused = { status: 403, body: { code: 'device_code_invalid' } };

    test('enrols once, also when it is sent many times at once', async () => {
      const { code } = await invite();
      const answers = await Promise.all(Array.from({ length: 8 }, () => enrol(code)));
      expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
        201,
        ...Array.from({ length: 7 }, () => 403),
      ]);
      expect(await enrol(code)).toMatchObject(refused);
    });

    test('that is unknown, too old or withdrawn enrols nobody', async () => {
      expect(await enrol('k3Vt0mXJ8QmY')).toMatchObject(refused);
      const withdrawn = await invite();
      await server.call('manager', 'DELETE', `/admin/devices/${withdrawn.id}`);
      expect(await enrol(withdrawn.code)).toMatchObject(refused);
      const { code } = await invite();
      server.clock.advance(INVITATION_MS);
      expect(await enrol(code)).toMatchObject(refused);
      server.clock.advance(-INVITATION_MS);
    });

    test('is kept nowhere, and the credential neither', async () => {
      const { code } = await invite();
      const credential = String((await enrol(code)).body['credential']);
      const rows = JSON.stringify(await server.opened.rows());
      const events = JSON.stringify(await (await server.opened.startNode()).store.read(0, 10_000));
      for (const kept of [rows, events]) {
        expect(kept).not.toContain(code);
        expect(kept).not.toContain(credential);
      }
    });
  });

  test('codes are tried ten times a minute from one address at most', () => {
    const { limits } = server.admission.routes.find(({ operationId }) => operationId === 'enrolDevice') ?? {};
    expect(limitsOf(limits ?? [], 'address', 100)).toContainEqual({
      policy: { name: 'enrol', limit: 10, windowSeconds: 60 },
      by: 'address',
    });
  });

  test('a revoked device is nobody at once, and revoking it again changes nothing', async () => {
    const { id, credential } = await enrolled();
    const delivered = { scans: [scan()] };
    for (let times = 0; times < 2; times += 1) {
      expect(await server.call('manager', 'DELETE', `/admin/devices/${id}`)).toMatchObject({ status: 204 });
      expect(await server.call(credential, 'POST', '/gate/scans', delivered)).toMatchObject({ status: 401 });
    }
  });

  test('a credential that nobody was given is nobody', async () => {
    expect(await server.call(`spd_${'A'.repeat(43)}`, 'POST', '/gate/scans', { scans: [scan()] })).toMatchObject({
      status: 401,
    });
  });

  test('managers see and revoke the devices of their park only', async () => {
    const mine = await enrolled('osh');
    const other = await enrolled();
    const { body } = await server.call('osh-manager', 'GET', '/admin/devices?park_id=osh&limit=1');
    expect(body).toMatchObject({ items: [{ id: mine.id, park_id: 'osh', status: 'enrolled', name: 'North gate' }] });
    expect(JSON.stringify(body)).not.toContain('spd_');
    for (const answer of [
      await server.call('osh-manager', 'GET', '/admin/devices?park_id=ala-archa'),
      await server.call('osh-manager', 'GET', '/admin/devices'),
      await server.call('osh-manager', 'POST', '/admin/devices', { park_id: 'ala-archa' }),
      await server.call('gate', 'GET', '/admin/devices?park_id=ala-archa'),
    ]) {
      expect(answer.status).toBe(403);
    }
    expect(await server.call('osh-manager', 'DELETE', `/admin/devices/${other.id}`)).toMatchObject({ status: 404 });
    expect(await server.call('osh-manager', 'DELETE', `/admin/devices/${mine.id}`)).toMatchObject({ status: 204 });
  });

  test('the list goes on page by page', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await server.call('manager', 'GET', `/admin/devices?limit=3${cursor}`);
      const { items, next_cursor: next } = body as { items: { id: string }[]; next_cursor: string | null };
      seen.push(...items.map(({ id }) => id));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe((await server.opened.rows())['admission.devices']?.length);
  });

  test('a rebuild of the read model gives the same rows', async () => {
    const before = await server.opened.rows();
    for (const batch of [1, 3, 100_000]) {
      await server.opened.rebuild(batch);
      expect(await server.opened.rows()).toEqual(before);
    }
  });
});
