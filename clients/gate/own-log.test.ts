import { expect, test } from 'vitest';
import { makeDeviceKey } from './crypto.ts';
import { decided, deviceId, NOW } from './decided.suite.ts';
import { emptyLog } from './log.ts';
import { MemoryStore } from './memory-store.ts';
import { OwnLogKeeper, type LogNode } from './own-log.ts';

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
