import { expect, test } from 'vitest';
import { makeDeviceKey } from './crypto.ts';
import { emptyLog, type Decided } from './log.ts';
import { MemoryStore } from './memory-store.ts';
import { OwnLogKeeper, type LogNode } from './own-log.ts';

const NOW = Date.parse('2026-12-05T06:00:00Z');
const deviceId = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

/** Merges what follows on what it has, and may be put back. */
function nodeWithLog() {
  const node = { seq: 0, asked: [] as number[] };
  const bringLog: LogNode['bringLog'] = async ({ first_seq: first, entries }) => {
    node.asked.push(first);
    const isGap = first > node.seq + 1;
    if (!isGap) node.seq = Math.max(node.seq, first - 1 + entries.length);
    const link = emptyLog.link;
    return { ok: true, value: { verdict: isGap ? 'gap' : 'merged', expected_seq: node.seq + 1, link, results: [] } };
  };
  return { node, bringLog };
}

const decided = (people: number): Decided => ({
  scanId: `01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0${people}`,
  code: 'AYlBR70Bk28',
  direction: 'in',
  people,
  saidAtMs: NOW,
  gate: 'main',
  ticketId: '01936f2e-1a2b-7c3d-8e4f-5a6b7c8d9e0f',
});

test('a node that was put back gets what it lacks, once the device doubts it', async () => {
  const log = await OwnLogKeeper.open(MemoryStore.empty(), { deviceId, key: await makeDeviceKey() }, NOW);
  const { node, bringLog } = nodeWithLog();
  const witness = { last: () => null, heard: async () => undefined };
  for (const people of [1, 2, 3]) await log.keep(decided(people));
  expect(await log.bring({ bringLog }, 'certificate', witness)).toEqual({ verdict: 'all' });
  expect([node.seq, log.pending]).toEqual([3, 0]);

  node.seq = 1;
  node.asked = [];
  await log.doubt();
  expect(log.pending).toBe(1);
  expect(await log.bring({ bringLog }, 'certificate', witness)).toEqual({ verdict: 'all' });
  expect(node).toEqual({ seq: 3, asked: [3, 2] });
  expect(log.pending).toBe(0);
});

test('a device without entries has nothing to doubt', async () => {
  const log = await OwnLogKeeper.open(MemoryStore.empty(), { deviceId, key: await makeDeviceKey() }, NOW);
  await log.doubt();
  expect(log.pending).toBe(0);
});
