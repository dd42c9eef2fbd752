import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../../test/support/database.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import { enrolDevice, type GateDevice } from './device-log.suite.ts';
import { NOW, openGateServer, type GateServer } from './gate-server.suite.ts';

const TOLD = statement(
  'test.rollbacks',
  `select event_data from store.event where event_type = 'NodeRollbackTold' order by position`,
);

type Head = { readonly incarnation: string; readonly seq: number; readonly hash: string };

describeWithDatabase('what devices remember of the log of their node', () => {
  let server: GateServer;
  let device: GateDevice;

  beforeAll(async () => {
    server = await openGateServer();
    device = await enrolDevice(server);
  });
  afterAll(() => server.close());

  const scan = async (credential: string, witness?: Head | null) => {
    const code = server.admission.issueCode(server.sell());
    const one = { scan_id: ids.next(), code, direction: 'in', scanned_at: NOW, gate: 'main' };
    const { body } = await server.call(credential, 'POST', '/gate/scans', {
      scans: [one],
      ...(witness === undefined ? {} : { witness }),
    });
    return body as { readonly node?: Head; readonly results: readonly { readonly outcome: string }[] };
  };
  const told = async () => {
    const rows = await server.node.database.rows<{ readonly event_data: { readonly what: string } }>(TOLD, []);
    return rows.map(({ event_data: { what } }) => what);
  };

  test('is told to who keeps watch, and to nobody else', async () => {
    expect(await scan(device.credential)).not.toHaveProperty('node');
    expect(await scan('gate', null)).not.toHaveProperty('node');
    const { node } = await scan(device.credential, null);
    expect(node).toEqual({
      incarnation: expect.any(String) as unknown,
      seq: expect.any(Number) as unknown,
      hash: expect.stringMatching(/^[\w-]{43}$/) as unknown,
    });
  });

  test('and is still there is no news', async () => {
    const first = await scan(device.credential, null);
    const second = await scan(device.credential, first.node);
    expect(second.node?.seq).toBeGreaterThan(first.node?.seq ?? Infinity);
    await device.decide(server.admission.issueCode(server.sell()), { people: 1 });
    await device.listen();
    await device.decide(server.admission.issueCode(server.sell()), { people: 1 });
    const { body } = await device.send({ ...(await device.batch(1, device.entries.length)), witness: second.node });
    expect(body).toMatchObject({ verdict: 'merged', node: { incarnation: first.node?.incarnation } });
    expect(await told()).toEqual([]);
  });

  test('and is not there, or is another, is written down once for all devices; the gate goes on', async () => {
    const { node } = await scan(device.credential, null);
    const { incarnation = '', seq = 0, hash = '' } = node ?? {};
    const beyond = { incarnation, seq: seq + 1_000, hash };
    const other = await enrolDevice(server);
    for (const credential of [device.credential, other.credential, device.credential]) {
      expect((await scan(credential, beyond)).results).toMatchObject([{ outcome: 'admitted' }]);
    }
    expect(await told()).toEqual(['missing']);
    const stranger = ids.next();
    await scan(device.credential, { incarnation: stranger, seq: 3, hash });
    expect(await told()).toEqual(['missing', 'missing']);
    const elsewhere = { incarnation: ids.next(), seq: 1, hash };
    await scan(device.credential, elsewhere);
    expect(await told()).toHaveLength(3);
  });

  test('and is another at its place is written down', async () => {
    const fresh = await openGateServer();
    try {
      const at = await enrolDevice(fresh);
      const { body } = await fresh.call(at.credential, 'POST', '/gate/log', await empty(fresh, at, null));
      const { node } = body as { readonly node: Head };
      const hash = `${node.hash.startsWith('A') ? 'B' : 'A'}${node.hash.slice(1)}`;
      await fresh.call(at.credential, 'POST', '/gate/log', await empty(fresh, at, { ...node, hash }));
      const rows = await fresh.node.database.rows<{ readonly event_data: object }>(TOLD, []);
      expect(rows).toMatchObject([{ event_data: { what: 'different', deviceId: at.id } }]);
    } finally {
      await fresh.close();
    }
  });

  async function empty(at: GateServer, one: GateDevice, witness: Head | null): Promise<object> {
    if (one.entries.length === 0) {
      await one.listen();
      await one.decide(at.admission.issueCode(at.sell()), { people: 1 });
    }
    return { ...(await one.batch(1, 1)), witness };
  }
});
