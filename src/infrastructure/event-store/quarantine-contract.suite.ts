import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  QUARANTINE_BYTES,
  QUARANTINE_SEGMENTS,
  type QuarantinePage,
  type ReplicationLog,
  type SealedSegment,
} from '../../kernel/replication.ts';
import { newId } from './appends.suite.ts';
import { BEGINNING } from './authored-event.ts';
import { fill, parkNode, signer } from './authored-log.suite.ts';
import { typesIn } from './quarantined-segments.ts';
import type { ReplicationSource } from './receiving-contract.suite.ts';

const ALL_KEPT: QuarantinePage = { nodeIds: null, after: null, limit: 1000 };

const KEPT_HEADER = {
  nodeId: 'park-1',
  incarnation: newId(),
  first: 1,
  last: 1,
  previousLink: BEGINNING,
  lastLink: BEGINNING,
  hlc: '1',
  vector: [],
  keyId: '0a0a0a0a',
};

async function sealed(): Promise<SealedSegment> {
  const node = parkNode();
  await fill(node, 2);
  await node.replication.seal(signer);
  const { incarnation } = await node.replication.head();
  const [segment] = await node.replication.segmentsAfter(incarnation, 0, { segments: 1 });
  if (segment === undefined) throw new Error('nothing was sealed');
  return segment;
}

/** What every replication log owes about segments that must not be stored. */
export function describeQuarantine(name: string, source: ReplicationSource): void {
  describe(`${name}: quarantine`, () => {
    let replication: ReplicationLog;
    beforeEach(async () => {
      ({ replication } = await source.open());
    });
    afterEach(() => source.close());

    test('a segment that must not be stored is kept once', async () => {
      const segment = await sealed();
      expect(await replication.quarantine(segment, 'its key was revoked')).toBe(true);
      expect(await replication.quarantine(segment, 'again')).toBe(true);
      const { nodeId, incarnation, first, last } = segment.header;
      const about = {
        id: expect.any(String) as string,
        nodeId,
        incarnation,
        first,
        last,
        types: typesIn(segment),
        why: 'its key was revoked',
        quarantinedAtMs: expect.any(Number) as number,
      };
      const found = await replication.quarantined(ALL_KEPT);
      expect(found).toEqual([about]);
      const id = found?.[0]?.id ?? '';
      expect(await replication.quarantinedSegment(id)).toEqual({ about: { ...about, id }, segment });
      expect(await replication.quarantineUse()).toEqual([{ nodeId, segments: 1, isFull: false }]);
      // Decided once, it does not come back when it is sent again.
      await replication.settleQuarantined(id);
      expect(await replication.quarantine(segment, 'sent again')).toBe(true);
      expect(await replication.quarantined(ALL_KEPT)).toEqual([]);
      expect([await replication.quarantinedSegment(id), await replication.quarantineUse()]).toEqual([null, []]);
    });

    test('what its node gets through later waits for nobody; a person who was about to decide still can', async () => {
      const segment = await sealed();
      const { header, signature, events } = segment;
      await replication.quarantine(segment, 'a type that is not known');
      const id = (await replication.quarantined(ALL_KEPT))?.[0]?.id ?? '';
      const { nodeId, incarnation, first, previousLink } = header;
      const chain = { nodeId, incarnation, first, previousLink };
      const received = await replication.receive({ events, chain, segment: { header, signature } });
      expect(received).toMatchObject({ outcome: 'stored' });
      expect([await replication.quarantined(ALL_KEPT), await replication.quarantineUse()]).toEqual([[], []]);
      expect((await replication.quarantinedSegment(id))?.segment).toEqual(segment);
    });

    test('so much of one node is kept apart and no more; of others still as much', async () => {
      const kept = (nodeId: string, index: number): Promise<boolean> => {
        const header = { ...KEPT_HEADER, nodeId, first: index, last: index };
        return replication.quarantine({ header, signature: `${nodeId} ${index}`, events: [] }, `the ${index}th`);
      };
      for (let index = 1; index <= QUARANTINE_SEGMENTS; index += 1) expect(await kept('park-1', index)).toBe(true);
      expect(await kept('park-1', QUARANTINE_SEGMENTS + 1)).toBe(false);
      expect(await kept('park-1', 1)).toBe(true);
      expect(await kept('park-2', 1)).toBe(true);
      expect(await replication.quarantineUse()).toEqual([
        { nodeId: 'park-1', segments: QUARANTINE_SEGMENTS, isFull: true },
        { nodeId: 'park-2', segments: 1, isFull: false },
      ]);
      const firsts = async (page: Partial<QuarantinePage>) =>
        (await replication.quarantined({ ...ALL_KEPT, ...page }))?.map(({ first }) => first);
      const [oldest] = (await replication.quarantined({ ...ALL_KEPT, limit: 1 })) ?? [];
      expect(await firsts({ after: oldest?.id ?? '', limit: 2 })).toEqual([2, 3]);
      expect(await firsts({ nodeIds: ['park-2', 'park-3'] })).toEqual([1]);
      expect(await firsts({ nodeIds: [] })).toEqual([]);
      expect(await replication.quarantined({ ...ALL_KEPT, after: newId() })).toBeNull();
      await replication.settleQuarantined(oldest?.id ?? '');
      // Where a page ended somebody may have decided meanwhile.
      expect(await firsts({ after: oldest?.id ?? '', limit: 1 })).toEqual([2]);
      expect(await kept('park-1', QUARANTINE_SEGMENTS + 1)).toBe(true);
    });

    test('many bytes of one node are as much as many segments', async () => {
      const [event] = (await sealed()).events;
      if (event === undefined) throw new Error('nothing was sealed');
      const large = { ...event, data: { text: 'x'.repeat(QUARANTINE_BYTES / 2) } };
      const keep = (signature: string): Promise<boolean> =>
        replication.quarantine({ header: KEPT_HEADER, signature, events: [large] }, 'large');
      expect([await keep('one'), await keep('two'), await keep('three')]).toEqual([true, true, false]);
      expect(await replication.quarantineUse()).toEqual([{ nodeId: 'park-1', segments: 2, isFull: true }]);
    });
  });
}
