import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplicationLog, SealedSegment } from '../../kernel/replication.ts';
import { fill, PARK, parkNode, signer } from './authored-log.suite.ts';
import type { ReplicationSource } from './receiving-contract.suite.ts';

/** What every replication log owes about segments that come while others are being stored. */
export function describeToldAtOnce(name: string, source: ReplicationSource): void {
  describe(`${name}: segments told at once`, () => {
    let replication: ReplicationLog;
    beforeAll(async () => {
      ({ replication } = await source.open());
    });
    afterAll(() => source.close());

    test('are answered each for itself, and behind a wrong one none is stored', async () => {
      const node = parkNode();
      for (let made = 0; made < 5; made += 1) {
        await fill(node, 2);
        await node.replication.seal(signer);
      }
      const { incarnation } = await node.replication.head();
      const all = await node.replication.segmentsAfter(incarnation, 0, { segments: 10 });
      const tell = async (segments: readonly SealedSegment[]) => {
        const about = { peerNodeId: PARK, lastContactMs: 1 };
        const told = segments.map(({ header, signature, events }) =>
          replication.receive({ events, chain: header, segment: { header, signature }, peer: about }),
        );
        return (await Promise.all(told)).map(({ outcome }) => outcome);
      };
      expect(await tell(all.slice(0, 1))).toEqual(['stored']);
      const changed = all.map((segment, index) => {
        const events = segment.events.map((each) => ({ ...each, data: { index: 99 } }));
        return index === 3 ? { ...segment, events } : segment;
      });
      expect(await tell(changed)).toEqual(['already_stored', 'stored', 'stored', 'broken_chain', 'gap']);
      expect(await tell(all)).toEqual([...Array<string>(3).fill('already_stored'), 'stored', 'stored']);
      expect(await tell(all)).toEqual(Array<string>(5).fill('already_stored'));
      expect(await replication.segmentsAfter(incarnation, 0, { segments: 10 })).toEqual(all);
    });
  });
}
