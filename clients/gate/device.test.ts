import { describe, expect, test } from 'vitest';
import { makeDeviceKey } from './crypto.ts';
import { decided, deviceId, NOW } from './decided.suite.ts';
import { GateDevice } from './device.ts';
import type { NodeHead } from './device-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { LogNode, NodeAnswer } from './own-log.ts';

const parkId = 'ala-archa';
const refused = (code: string, status: number) => ({ ok: false, problem: { code, status } }) as const;
const papers = { certificate: () => 'old', renew: async () => false };

const headOf = (incarnation: string, seq: number): NodeHead => ({ incarnation, seq, hash: 'a'.repeat(64) });

/** Merges what follows on what it has, says how far its own log is, and may be put back. */
class Node implements LogNode {
  has = 0;
  head = headOf('first', 1);
  takes = 'old';
  readonly asked: { readonly first: number; readonly witness: NodeHead | null }[] = [];

  bringLog: LogNode['bringLog'] = async (batch, witness) => {
    const { first_seq: first, entries, certificate, previous_link: link } = batch;
    this.asked.push({ first, witness });
    if (certificate !== this.takes) return refused('device_certificate_invalid', 403);
    const isGap = first > this.has + 1;
    if (!isGap) this.has = Math.max(this.has, first - 1 + entries.length);
    const expected = { verdict: isGap ? ('gap' as const) : ('merged' as const), expected_seq: this.has + 1 };
    return { ok: true, value: { ...expected, link, results: [], node: this.head } };
  };
}

async function deviceWith(people: readonly number[], store = MemoryStore.empty()): Promise<GateDevice> {
  const device = await GateDevice.open(store, { deviceId, parkId, key: await makeDeviceKey() }, NOW);
  for (const many of people) await device.log?.keep(decided(many));
  return device;
}

describe('the log of a device', () => {
  test('is brought in order, and what the node said of its own goes along the next time', async () => {
    const [device, node] = [await deviceWith([1, 2]), new Node()];
    expect(await device.bring(node, papers)).toEqual({ verdict: 'all' });
    await device.log?.keep(decided(3));
    expect(await device.bring(node, papers)).toEqual({ verdict: 'all' });
    expect([node.has, device.pending]).toEqual([3, 0]);
    expect(node.asked).toEqual([
      { first: 1, witness: null },
      { first: 3, witness: headOf('first', 1) },
    ]);
  });

  test('is told again from its newest entry to a node in another life, which gets what it lacks', async () => {
    const [device, node] = [await deviceWith([1, 2, 3]), new Node()];
    await device.bring(node, papers);
    [node.has, node.head] = [1, headOf('second', 1)];
    node.asked.length = 0;
    await device.heard(node.head);
    expect(device.pending).toBe(1);
    expect(await device.bring(node, papers)).toEqual({ verdict: 'all' });
    expect([node.has, device.pending, node.asked.map(({ first }) => first)]).toEqual([3, 0, [3, 2]]);
  });

  test('is not doubted for a head of the same life, or one that is older', async () => {
    const [device, node] = [await deviceWith([1]), new Node()];
    await device.bring(node, papers);
    await device.heard(headOf('first', 5));
    await device.heard(headOf('first', 2));
    await device.heard(undefined);
    expect([device.pending, device.head]).toEqual([0, headOf('first', 5)]);
  });

  test('goes on after a reload where it was, and is another one in a copy of its storage', async () => {
    const [store, node] = [MemoryStore.empty(), new Node()];
    const before = await deviceWith([1, 2], store);
    await before.bring(node, papers);
    await before.log?.keep(decided(3));
    const copied = await deviceWith([4], store.copy());
    const again = await deviceWith([], store);
    expect([before.pending, again.pending, copied.pending]).toEqual([1, 1, 2]);
    expect(again.head).toEqual(headOf('first', 1));
  });

  test('comes with a new certificate where the old one is not taken', async () => {
    const [device, node] = [await deviceWith([1]), new Node()];
    node.takes = 'new';
    expect(await device.bring(node, papers)).toEqual({ verdict: 'refused', code: 'device_certificate_invalid' });
    let certificate = 'old';
    const renewed = {
      certificate: () => certificate,
      renew: async () => {
        certificate = 'new';
        return true;
      },
    };
    expect(await device.bring(node, renewed)).toEqual({ verdict: 'all' });
    expect(node.has).toBe(1);
  });

  test.each([
    [refused('offline', 0), { verdict: 'unreached' }],
    [refused('busy', 503), { verdict: 'unreached' }],
    [refused('validation', 400), { verdict: 'refused', code: 'validation' }],
  ])('is kept where a node answers %j', async (answer, brought) => {
    const device = await deviceWith([1]);
    expect(await device.bring({ bringLog: async () => answer }, papers)).toEqual(brought);
    expect(device.pending).toBe(1);
  });

  test('is brought no further to a node that asks for the same again and again, or that knows another one', async () => {
    const device = await deviceWith([1]);
    const saying = (verdict: 'gap' | 'forked'): LogNode => ({
      bringLog: async () => ({ ok: true, value: { verdict, expected_seq: 1, link: '', results: [] } }),
    });
    expect(await device.bring(saying('gap'), papers)).toEqual({ verdict: 'refused', code: 'gap' });
    expect(await device.bring(saying('forked'), papers)).toEqual({ verdict: 'forked' });
  });
});

describe('a device that listens', () => {
  const page = (next: string, more: boolean) => ({
    park_id: parkId,
    today: '2026-12-05',
    keys: [],
    revocations: [{ ticket_id: next, visit_date: '2026-12-05' }],
    tickets: [],
    allowances: [],
    next_since: next,
    has_more: more,
  });

  test('reads every page from where it was, and keeps what it heard', async () => {
    const store = MemoryStore.empty();
    const device = await deviceWith([], store);
    const since: (string | null)[] = [];
    const bundle = async (from: string | null) => {
      since.push(from);
      return { ok: true, value: page(from === null ? 'one' : 'two', from === null) } as const;
    };
    const told: string[] = [];
    const heard = await device.listen({ bundle }, async ({ next_since: next }) => void told.push(next));
    expect([heard, since, told]).toEqual([null, [null, 'one'], ['one', 'two']]);
    expect([...(await deviceWith([], store)).known.revoked]).toEqual(['one/2026-12-05', 'two/2026-12-05']);
  });

  test('says what hindered it', async () => {
    const device = await deviceWith([]);
    const bundle = async (): Promise<NodeAnswer<ReturnType<typeof page>>> => refused('unauthorized', 401);
    expect(await device.listen({ bundle })).toEqual({ code: 'unauthorized', status: 401 });
  });
});

test('a device without a key has no log: it decides nothing alone, and has nothing to bring', async () => {
  const device = await GateDevice.open(MemoryStore.empty(), { deviceId, parkId, key: null }, NOW);
  const scanned = { scanId: 'scan', code: 'code', direction: 'in', people: null, nowMs: NOW, gate: 'main' } as const;
  expect(await device.decide(scanned)).toBeNull();
  expect(await device.bring(new Node(), papers)).toEqual({ verdict: 'all' });
});
