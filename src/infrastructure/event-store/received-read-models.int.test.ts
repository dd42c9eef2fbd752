import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { authoredBy, chained, fill, PARK, parkNode } from './authored-log.suite.ts';
import { compareProjection } from './compare-projection.ts';
import { registerProjections } from './projections.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';
import { openToyProjection, toyProjection } from './toy-projection.suite.ts';

describeWithDatabase('read models of what other nodes wrote', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog(openToyProjection);
    await registerProjections(log.owner, [toyProjection]);
    await log.openStore();
  });
  afterAll(() => log?.close());

  const countOf = async (): Promise<number> => {
    const text = 'select coalesce(sum(counted), 0) as counted from toy.counts';
    const [row] = await log.owner.rows<{ counted: number }>({ name: 'test.counted', text });
    return Number(row?.counted);
  };

  test('follow in the same call, once for what is new, and as a rebuild would make them', async () => {
    const node = parkNode();
    await fill(node, 6, 'ToyCounted');
    const all = await authoredBy(node);
    const replication = log.replication();
    await replication.receive(chained(all, 1, 4));
    expect(await countOf()).toBe(4);
    await replication.receive(chained(all));
    await replication.receive(chained(all));
    expect(await countOf()).toBe(all.length);
    expect(await compareProjection(log.owner, toyProjection)).toMatchObject({ rows: 6, differing: 0 });
  });

  test('that cannot follow keep the events and the checkpoint of the peer out as well', async () => {
    const node = parkNode();
    await fill(node, 2, 'ToyCounted');
    await fill(node, 1, 'ToyBroken');
    const all = await authoredBy(node);
    const replication = log.replication();
    const before = await replication.head();
    const counted = await countOf();
    const received = { ...chained(all), peer: { peerNodeId: PARK, lastContactMs: 1 } };
    await expect(replication.receive(received)).rejects.toThrow('a toy broke');
    expect(await replication.head()).toEqual(before);
    expect(await replication.peers()).toEqual([]);
    expect(await countOf()).toBe(counted);
    expect(await replication.receive(chained(all, 1, 2))).toMatchObject({ outcome: 'stored', stored: 2 });
  });
});
