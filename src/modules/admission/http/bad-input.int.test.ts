import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

const scan = (change: object = {}) => ({
  scan_id: ids.next(),
  code: 'x',
  direction: 'in',
  scanned_at: NOW,
  gate: 'main',
  ...change,
});

/** Texts that mean something to somebody else: a database, a shell, a template, a browser, a spreadsheet. */
const PROBES = [
  `'; drop table admission.scans; --`,
  '$(reboot)',
  '{{7*7}}',
  '*)(uid=*',
  '<script>alert(1)</script>',
  '=1+1',
];

describeWithDatabase('bad input at gate routes', () => {
  let server: GateServer;

  beforeAll(async () => {
    server = await openGateServer();
  });
  afterAll(() => server.close());

  const send = (body: object | string, as = 'gate') => server.call(as, 'POST', '/gate/scans', body);
  const outcomeOf = async (change: object) => {
    const { status, body } = await send({ scans: [scan(change)] });
    return status === 200 ? (body['results'] as { outcome: string }[])[0]?.outcome : status;
  };
  const eventCount = async () => server.node.store.headPosition();

  describe('changes nothing and is refused as 400', () => {
    const one = JSON.stringify(scan());
    test.each<[string, string]>([
      ['JSON that ends too early', `{"scans":[${one}`],
      ['a comma too many', `{"scans":[${one},]}`],
      ['NaN', `{"scans":[${one.replace('"direction"', '"people":NaN,"direction"')}]}`],
      ['a key told twice', `{"scans":[${one}],"scans":[]}`],
      ['__proto__', `{"scans":[${one.replace('{', '{"__proto__":{"people":9},')}]}`],
      ['constructor', `{"scans":[${one.replace('{', '{"constructor":{"prototype":{}},')}]}`],
      ['arrays 10 000 deep', `{"scans":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
      ['a lone surrogate', `{"scans":[${one.replace('"main"', String.raw`"\ud800"`)}]}`],
    ])('%s', async (_what, body) => {
      const before = await eventCount();
      expect((await send(body)).status).toBe(400);
      expect(await eventCount()).toBe(before);
    });

    test.each<[string, object]>([
      ['a number where a text is due', { code: 7 }],
      ['a text where a number is due', { people: '2' }],
      ['fewer than nobody', { people: -1 }],
      ['more people than anybody brings', { people: 101 }],
      ['a role', { role: 'manager' }],
      ['NUL in a code', { code: 'a\0b' }],
      ['NUL in a gate', { gate: 'a\0b' }],
      ['a line end in a gate', { gate: 'main\r\nset-cookie: a=b' }],
      ['a gate longer than its limit', { gate: 'g'.repeat(51) }],
      ['a code longer than its limit', { code: 'c'.repeat(1_001) }],
      ['30 February', { scanned_at: '2026-02-30T06:00:00Z' }],
      ['an override longer than its limit', { override: { reason: 'r'.repeat(201) } }],
    ])('%s', async (_what, change) => {
      const before = await eventCount();
      expect((await send({ scans: [scan(change)] }, 'manager')).status).toBe(400);
      expect(await eventCount()).toBe(before);
    });

    test.each([
      ['/gate/bundle?park_id=ala-archa&limit=-1', 'gate'],
      ['/gate/bundle?park_id=ala-archa&limit=1000000000', 'gate'],
      ['/gate/bundle?park_id=ala-archa&limit=99999999999999999999', 'gate'],
      ['/gate/bundle?park_id=ala-archa&park_id=osh', 'gate'],
      ['/gate/bundle?park_id=ala-archa&since=2026-12-06.1%27--', 'gate'],
      ['/gate/bundle?park_id=ala-archa&since=2026-12-06.9999999999999999', 'gate'],
      ['/admin/incidents?limit=0', 'manager'],
      ['/admin/incidents?status=open&status=resolved', 'manager'],
      ['/admin/incidents?status=lost', 'manager'],
      ['/admin/incidents?cursor=bm8', 'manager'],
      ['/admin/devices?limit=1e9', 'manager'],
      ['/admin/devices?cursor=bm8', 'manager'],
      ['/admin/devices?unknown=1', 'manager'],
    ])('%s', async (url, as) => {
      expect((await server.call(as, 'GET', url)).status).toBe(400);
    });

    test.each<[string, string, object]>([
      ['/gate/devices/enroll', 'NUL in a name', { code: 'k3Vt0mXJ8QmY', name: 'a\0b' }],
      ['/gate/devices/enroll', 'a line end in a name', { code: 'k3Vt0mXJ8QmY', name: 'a\nb' }],
      ['/gate/devices/enroll', 'a name of nothing that can be seen', { code: 'k3Vt0mXJ8QmY', name: '\u200B\u2060' }],
      ['/gate/devices/enroll', 'a park of its own choice', { code: 'k3Vt0mXJ8QmY', name: 'a', park_id: 'osh' }],
      ['/admin/devices', 'a park longer than its limit', { park_id: 'p'.repeat(51) }],
      [`/admin/incidents/${ids.next()}/resolve`, 'NUL in a note', { resolution: 'other', note: 'a\0b' }],
      [`/admin/incidents/${ids.next()}/resolve`, 'a resolution nobody knows', { resolution: 'theft', note: 'a' }],
      ['/admin/incidents/1/resolve', 'an id that is none', { resolution: 'other', note: 'a' }],
    ])('POST %s with %s', async (url, _what, body) => {
      expect((await server.call('manager', 'POST', url, body)).status).toBe(400);
    });
  });

  test('a body over the limit is 413, and nothing of it counts', async () => {
    const before = await eventCount();
    expect((await send(`{"scans":["${'x'.repeat(1024 * 1024)}"]}`)).status).toBe(413);
    expect(await eventCount()).toBe(before);
  });

  test('a code of whatever kind is answered bad_signature, the worst of them in normal time', async () => {
    const codes = [
      ...PROBES,
      '\u{1F3A2}\u202Eabc',
      'A'.repeat(1_000),
      `${'a'.repeat(998)}!!`,
      'https://example.org/menu',
    ];
    for (const code of codes) expect(await outcomeOf({ code })).toBe('bad_signature');
  });

  test('a code with any one character changed lets nobody in', async () => {
    const sold = server.sell();
    const code = server.admission.issueCode(sold);
    const changed = Array.from(code, (character, index) => {
      return scan({ code: `${code.slice(0, index)}${character === 'A' ? 'B' : 'A'}${code.slice(index + 1)}` });
    });
    const { body } = await send({ scans: changed });
    const admitted = (body['results'] as { outcome: string }[]).filter(({ outcome }) => outcome === 'admitted');
    expect(admitted).toEqual([]);
    expect(await server.admission.findAdmission(sold.ticketId)).toBeNull();
  });

  test('names that mean something to other programs are kept as they are', async () => {
    for (const gate of [...PROBES, '\u{1F3A2} north', 'ворота']) {
      const one = scan({ gate });
      expect(await send({ scans: [one] })).toMatchObject({ status: 200 });
      const [event] = (await server.node.store.load(ids.derive(`refused-scan:${one.scan_id}`))).events;
      expect(event?.data['gate']).toBe(gate);
    }
  });

  test.each([
    ['0001-01-01T00:00:00Z', 'wrong_date'],
    ['9999-12-31T23:59:59Z', 'admitted'],
    ['2026-12-05T12:00:00+06:00', 'admitted'],
  ])('a clock that says %s is corrected', async (scannedAt, outcome) => {
    const sold = server.sell();
    expect(await outcomeOf({ code: server.admission.issueCode(sold), scanned_at: scannedAt })).toBe(outcome);
    expect(await outcomeOf({ scanned_at: scannedAt })).toBe('bad_signature');
  });

  test('a device or an incident that somebody guesses is not found', async () => {
    expect(await server.call('manager', 'DELETE', `/admin/devices/${ids.next()}`)).toMatchObject({ status: 404 });
    const words = { resolution: 'other', note: 'a' };
    expect(await server.call('manager', 'POST', `/admin/incidents/${ids.next()}/resolve`, words)).toMatchObject({
      status: 404,
    });
  });
});
