import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import type { GateTicketFacts } from '../application/ports.ts';
import { LONGEST_GATE, MOST_PEOPLE } from '../domain/device-log.ts';
import { CERTIFICATE_MS } from '../domain/device-words.ts';
import { BatchInput } from './device-log-schema.ts';
import { enrolDevice, type GateDevice } from './device-log.suite.ts';
import { ALONE_PER_HOUR, NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

describeWithDatabase('the log of a gate device', () => {
  let server: GateServer;
  let device: GateDevice;

  beforeAll(async () => {
    server = await openGateServer();
  });
  afterAll(() => server.close());

  const codeOf = (change: Partial<GateTicketFacts> = {}) => server.admission.issueCode(server.sell(change));
  const fresh = async () => {
    server.clock.set(Date.parse(NOW));
    device = await enrolDevice(server);
    await device.listen();
    return device;
  };

  test('counts whom it let in alone, once, however often it is brought', async () => {
    await fresh();
    await device.decide(codeOf());
    await device.decide(codeOf(), { people: 1 });
    const first = await device.bring();
    expect(first).toMatchObject({
      verdict: 'merged',
      expected_seq: 3,
      link: device.log.link,
      results: [
        { seq: 1, over_quota: false, result: { outcome: 'admitted', people_admitted: 3, repeated: false } },
        { seq: 2, over_quota: false, result: { outcome: 'admitted', people_admitted: 1, repeated: false } },
      ],
    });
    const again = await device.bring();
    expect(again.results.map(({ result }) => result)).toEqual(
      first.results.map(({ result }) => ({ ...result, repeated: true, ticket: expect.anything() as unknown })),
    );
    expect(await device.bring(2)).toMatchObject({ verdict: 'merged', expected_seq: 3 });
  });

  test('brought by ten calls at once is merged once', async () => {
    await fresh();
    for (let index = 0; index < 3; index += 1) await device.decide(codeOf(), { people: 1 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => device.bring()));
    expect(answers.map(({ verdict, expected_seq }) => [verdict, expected_seq])).toEqual(
      Array.from({ length: 10 }, () => ['merged', 4]),
    );
    expect(await shown()).toMatchObject({ log: { seq: 3, over_quota: 0, forks: 0 } });
  });

  test('with a gap is told what is missing, and nothing is done', async () => {
    await fresh();
    for (let index = 0; index < 3; index += 1) await device.decide(codeOf(), { people: 1 });
    expect(await device.bring(2)).toMatchObject({ verdict: 'gap', expected_seq: 1, results: [] });
    expect(await device.bring(1, 1)).toMatchObject({ verdict: 'merged', expected_seq: 2 });
    expect(await device.bring(3)).toMatchObject({ verdict: 'gap', expected_seq: 2 });
    expect(await device.bring(2)).toMatchObject({ verdict: 'merged', expected_seq: 4 });
  });

  test('lets go out whom it let in', async () => {
    await fresh();
    const code = codeOf();
    await device.decide(code);
    await device.decide(code, { direction: 'out' });
    expect((await device.bring()).results).toMatchObject([
      { result: { outcome: 'admitted' } },
      { result: { outcome: 'exited', people_exited: 3 } },
    ]);
  });

  test('lets go out those who are inside, although it names more', async () => {
    await fresh();
    const code = codeOf();
    await device.decide(code, { people: 2 });
    await device.decide(code, { direction: 'out', people: 3 });
    await device.decide(code, { direction: 'out', people: 1 });
    const { results } = await device.bring();
    expect(results).toMatchObject([
      { result: { outcome: 'admitted', people_admitted: 2 } },
      { result: { outcome: 'exited', people_exited: 2 } },
      { result: { outcome: 'already_used', people_exited: 0 } },
    ]);
  });

  test('whose gate is not called as it is kept is merged like a scan of that gate', async () => {
    await fresh();
    const { ticketId, ...sold } = server.sell();
    const code = server.admission.issueCode({ ticketId, ...sold });
    const entry = {
      scanId: ids.next(),
      code,
      direction: 'in',
      people: 1,
      saidAtMs: Date.parse(NOW),
      ticketId,
    } as const;
    await device.keep({ ...entry, gate: ' Cafe\u0301 ' });
    expect(await device.bring()).toMatchObject({ verdict: 'merged', expected_seq: 2, link: device.log.link });
    const [admitted] = (await server.node.store.read(0, 10_000, ['PeopleAdmitted'])).slice(-1);
    expect(admitted?.data).toMatchObject({ gate: 'Caf\u00e9', people: 1 });
  });

  test('is taken as far as devices keep to', () => {
    const { people, gate } = BatchInput.properties.entries.items.properties;
    expect(people).toMatchObject({ minimum: 1, maximum: MOST_PEOPLE });
    expect(gate).toMatchObject({ minLength: 1, maxLength: LONGEST_GATE });
  });

  test('of a device that was copied is put aside, shown, and counts nobody', async () => {
    await fresh();
    await device.decide(codeOf(), { people: 1 });
    const copied = device.copy(1);
    await device.decide(codeOf(), { people: 1 });
    await device.bring();
    const code = codeOf();
    await copied.decide(code, { people: 2 });
    await copied.decide(codeOf(), { people: 1 });
    const forked = { verdict: 'forked', expected_seq: 3, results: [] };
    expect(await copied.bring()).toMatchObject(forked);
    expect(await copied.bring(2)).toMatchObject(forked);
    expect(await copied.bring(3)).toMatchObject(forked);
    expect(await copied.bring()).toMatchObject(forked);
    const { body } = await server.call('manager', 'GET', `/admin/devices/${device.id}/log-forks`);
    expect(body['items']).toMatchObject([{ first_seq: 2 }]);
    expect(JSON.stringify(body)).not.toContain(code);
    expect(await shown()).toMatchObject({ log: { seq: 2, forks: 1 } });
    const validated = await server.call('gate', 'POST', '/tickets/validate', { code });
    expect(validated.body).toMatchObject({ ticket: { remaining: 3 } });
  });

  test('beyond its quota is marked and counted, and the device says amber, then no', async () => {
    await fresh();
    const lights = [];
    for (let index = 0; index < 18; index += 1) lights.push((await device.decide(codeOf(), { people: 1 })).light);
    // Their tickets are in no bundle here, so the lamp is amber all along; the mark of the quota is what counts.
    expect(lights.filter((light) => light !== 'red')).toHaveLength(ALONE_PER_HOUR * 1.5);
    const { results } = await device.bring();
    expect(results.map(({ over_quota: over }) => over)).toEqual(results.map((_, index) => index >= ALONE_PER_HOUR));
    expect(await shown()).toMatchObject({ log: { over_quota: ALONE_PER_HOUR / 2 } });
    server.clock.advance(3_600_000);
    await device.decide(codeOf(), { people: 1 });
    expect((await device.bring(16)).results).toMatchObject([{ over_quota: false }]);
  });

  const shown = async () => {
    const { body } = await server.call('manager', 'GET', '/admin/devices?park_id=ala-archa&limit=100');
    return (body['items'] as { readonly id: string }[]).find(({ id }) => id === device.id);
  };

  describe('is refused', () => {
    test('without the signature of the key that the device was enrolled with', async () => {
      await fresh();
      await device.decide(codeOf(), { people: 1 });
      const batch = (await device.batch(1, 1)) as { readonly entries: readonly object[] };
      const other = await enrolDevice(server);
      const more = { ...batch, entries: batch.entries.map((entry) => ({ ...entry, people: 2 })) };
      expect(await device.send(more)).toMatchObject({ status: 403, body: { code: 'device_signature_invalid' } });
      expect(await other.send({ ...batch, certificate: other.certificate })).toMatchObject({
        body: { code: 'device_signature_invalid' },
      });
      expect(await device.send({ ...batch, certificate: other.certificate })).toMatchObject({
        status: 403,
        body: { code: 'device_certificate_invalid' },
      });
    });

    test('with a certificate that has ended, until it is renewed', async () => {
      await fresh();
      await device.decide(codeOf(), { people: 1 });
      server.clock.advance(CERTIFICATE_MS + 1);
      expect(await device.send(await device.batch(1, 1))).toMatchObject({
        body: { code: 'device_certificate_invalid' },
      });
      const { body } = await server.call(device.credential, 'POST', '/gate/certificate');
      expect(body['expires_at']).toBe(new Date(server.clock.now() + CERTIFICATE_MS).toISOString());
      device.certificate = String(body['certificate']);
      expect(await device.bring()).toMatchObject({ verdict: 'merged' });
    });

    test('of a simple scanner, which has no key, and of staff', async () => {
      await fresh();
      await device.decide(codeOf(), { people: 1 });
      const batch = await device.batch(1, 1);
      const scanner = await enrolDevice(server, null);
      const noKey = { status: 409, body: { code: 'device_has_no_key' } };
      expect(await scanner.send(batch)).toMatchObject(noKey);
      expect(await server.call(scanner.credential, 'POST', '/gate/certificate')).toMatchObject(noKey);
      expect(await server.call('gate', 'POST', '/gate/log', batch)).toMatchObject({ status: 403 });
    });

    test('when the device was revoked, and it gets no new certificate', async () => {
      await fresh();
      await device.decide(codeOf(), { people: 1 });
      await server.call('manager', 'DELETE', `/admin/devices/${device.id}`);
      expect(await device.send(await device.batch(1, 1))).toMatchObject({ status: 401 });
      expect(await server.call(device.credential, 'POST', '/gate/certificate')).toMatchObject({ status: 401 });
    });
  });

  test('is the same after a rebuild', async () => {
    const before = await server.opened.rows();
    await server.opened.rebuild(7);
    expect(await server.opened.rows()).toEqual(before);
  });
});
