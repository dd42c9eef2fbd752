import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventStore } from '../../kernel/event-store.ts';
import type { AuthoredEvent, ReplicationLog } from '../../kernel/replication.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import { authoredBy, chained, fill, PARK, parkNode } from './authored-log.suite.ts';
import { authoredLink, BEGINNING } from './authored-event.ts';

export type ReplicationSource = {
  /** A node with an empty log. */
  open(): Promise<{ readonly store: EventStore; readonly replication: ReplicationLog }>;
  close(): Promise<void>;
};

const NOW_MS = 1_763_899_200_000;

function nth(events: readonly AuthoredEvent[], number: number): AuthoredEvent {
  const found = events[number - 1];
  if (found === undefined) throw new Error(`no event ${number}`);
  return found;
}

/** What every replication log owes about events of others. */
export function describeReceiving(name: string, source: ReplicationSource): void {
  describe(`${name}: receiving`, () => {
    let store: EventStore;
    let replication: ReplicationLog;
    beforeAll(async () => {
      ({ store, replication } = await source.open());
    });
    afterAll(() => source.close());

    const filled = async (count: number) => {
      const node = parkNode();
      await fill(node, count);
      return authoredBy(node);
    };
    const heldOf = async (incarnation: string) =>
      (await replication.authors()).find((author) => author.incarnation === incarnation);

    test('stores a chain at the next positions with what its author said, and our own chain stays where it was', async () => {
      await store.append(one(newId(), 'none', 3));
      const all = await filled(5);
      const before = await replication.head();
      expect(await replication.receive(chained(all))).toEqual({
        outcome: 'stored',
        stored: all.length,
        lastPosition: before.position + all.length,
      });
      const stored = await store.read(before.position, 100);
      expect(stored).toEqual(
        all.map(({ appendSize: _size, seq: _seq, hlc: _hlc, link: _link, ...said }, index) => ({
          ...said,
          position: before.position + index + 1,
        })),
      );
      const after = await replication.head();
      expect(after).toMatchObject({ incarnation: before.incarnation, seq: before.seq, link: before.link });
      await store.append(one(newId(), 'none'));
      const later = await replication.head();
      expect(later).toMatchObject({ seq: before.seq + 1, position: before.position + all.length + 1 });
      expect(BigInt(later.hlc) > BigInt(all.at(-1)?.hlc ?? 0)).toBe(true);
      expect(await heldOf(all[0]?.incarnation ?? '')).toMatchObject({
        nodeId: PARK,
        seq: all.length,
        link: all.at(-1)?.link,
        closedAt: null,
        isWhole: true,
      });
    });

    test('a repeat, whole or overlapping, changes nothing that is there', async () => {
      const all = await filled(8);
      await replication.receive(chained(all, 1, 6));
      const { position } = await replication.head();
      const known = { outcome: 'already_stored', lastPosition: position };
      expect(await replication.receive(chained(all, 1, 6))).toEqual(known);
      expect(await replication.receive(chained(all, 3, 5))).toEqual(known);
      expect(await replication.receive(chained(all, 4))).toEqual({
        outcome: 'stored',
        stored: all.length - 6,
        lastPosition: position + all.length - 6,
      });
    });

    test('a gap is answered with what is missing, and nothing is stored', async () => {
      const all = await filled(6);
      const { position } = await replication.head();
      expect(await replication.receive(chained(all, 3))).toEqual({ outcome: 'gap', expected: 1 });
      await replication.receive(chained(all, 1, 2));
      expect(await replication.receive(chained(all, 5))).toEqual({ outcome: 'gap', expected: 3 });
      expect((await replication.head()).position).toBe(position + 2);
    });

    test('a changed event, and one in another place, break the chain', async () => {
      const all = await filled(4);
      const changed = all.map((each) => (each.seq === 3 ? { ...each, data: { index: 99 } } : each));
      expect(await replication.receive(chained(changed))).toEqual({ outcome: 'broken_chain', seq: 3 });
      const later = all.map((each) => (each.seq === 2 ? { ...each, occurredAtMs: each.occurredAtMs + 1 } : each));
      expect(await replication.receive(chained(later))).toEqual({ outcome: 'broken_chain', seq: 2 });
      const { chain, ...said } = chained(all);
      const elsewhere = { ...said, chain: chain && { ...chain, previousLink: nth(all, 2).link } };
      expect(await replication.receive(elsewhere)).toEqual({ outcome: 'broken_chain', seq: 1 });
      expect(await heldOf(all[0]?.incarnation ?? '')).toBeUndefined();
    });

    test('two lives of one incarnation are a fork', async () => {
      const all = await filled(4);
      await replication.receive(chained(all, 1, 3));
      const second = (previous: string) => {
        const bare = { ...nth(all, 3), id: newId() };
        return { ...bare, link: authoredLink(bare, previous) };
      };
      const other = second(all[1]?.link ?? '');
      expect(await replication.receive(chained([...all.slice(0, 2), other], 3))).toEqual({ outcome: 'fork', seq: 3 });
      const behind = { ...nth(all, 4), link: authoredLink(nth(all, 4), other.link) };
      const forked = chained([...all.slice(0, 2), other, behind], 4);
      expect(await replication.receive(forked)).toEqual({ outcome: 'fork', seq: 3 });
      expect(await replication.receive({ events: [other], chain: null })).toEqual({ outcome: 'fork', seq: 3 });
    });

    test('nobody else writes in our incarnation', async () => {
      await store.append(one(newId(), 'none'));
      const { incarnation, nodeId, seq, link } = await replication.head();
      const bare = { ...nth(await filled(1), 1), nodeId, incarnation, seq: seq + 1 };
      const forged = { ...bare, link: authoredLink(bare, link) };
      const chain = { nodeId, incarnation, first: seq + 1, previousLink: link };
      expect(await replication.receive({ events: [forged], chain })).toEqual({ outcome: 'fork', seq: seq + 1 });
      expect(await replication.receive({ events: [forged], chain: null })).toEqual({ outcome: 'fork', seq: seq + 1 });
    });

    test('a chain with an event of a stream that another node writes is not stored, whoever that node is', async () => {
      const [ours, theirs] = [newId(), newId()];
      await store.append(one(ours, 'none', 2));
      const neighbour = parkNode('park-osh');
      await neighbour.store.append(one(theirs, 'none'));
      await replication.receive(chained(await authoredBy(neighbour)));
      const here = await replication.head();
      for (const [streamId, writer] of [
        [ours, here.nodeId],
        [theirs, 'park-osh'],
      ] as const) {
        const { position } = await replication.head();
        const thief = parkNode();
        await fill(thief, 2);
        await thief.store.append(one(streamId, 'none', 2));
        await fill(thief, 1);
        const all = await authoredBy(thief);
        expect(await replication.receive(chained(all))).toEqual({ outcome: 'foreign_stream', seq: 3, writer });
        expect((await replication.head()).position).toBe(position);
        expect(await heldOf(all[0]?.incarnation ?? '')).toBeUndefined();
        // What came before it may be stored, and the same one is found behind it.
        expect(await replication.receive(chained(all, 1, 2))).toMatchObject({ outcome: 'stored' });
        expect(await replication.receive(chained(all, 3))).toEqual({ outcome: 'foreign_stream', seq: 3, writer });
        expect((await store.load(streamId)).events.every(({ nodeId }) => nodeId === writer)).toBe(true);
      }
    });

    test('a node goes on with its own streams, in the same life and in the next', async () => {
      const node = parkNode();
      const streamId = newId();
      await node.store.append(one(streamId, 'none', 2));
      await replication.receive(chained(await authoredBy(node)));
      await node.store.append(one(streamId, 2));
      expect(await replication.receive(chained(await authoredBy(node), 3))).toMatchObject({ outcome: 'stored' });
      await node.replication.openIncarnation('restored');
      await node.store.append(one(streamId, 3));
      expect(await replication.receive(chained(await authoredBy(node)))).toMatchObject({ outcome: 'stored' });
      expect((await store.load(streamId)).version).toBe(4);
    });

    test('a closed incarnation is taken up to its end and no further', async () => {
      const all = await filled(5);
      const { incarnation = '', nodeId = '', link = '' } = all[2] ?? {};
      await replication.receive(chained(all, 1, 2));
      await replication.closeAuthor({ nodeId, incarnation, seq: 3, link });
      await replication.closeAuthor({ nodeId, incarnation, seq: 4, link: all[3]?.link ?? '' });
      const closed = { outcome: 'closed', seq: 3, link };
      expect(await replication.receive(chained(all, 3))).toEqual(closed);
      expect(await replication.receive({ events: all.slice(3, 4), chain: null })).toEqual(closed);
      expect(await replication.receive(chained(all, 3, 3))).toMatchObject({ outcome: 'stored', stored: 1 });
      expect(await heldOf(incarnation)).toMatchObject({ seq: 3, closedAt: { seq: 3, link } });
    });

    test('an incarnation ends no earlier than what is held of it', async () => {
      const all = await filled(4);
      const { incarnation = '', nodeId = '', link = '' } = all[1] ?? {};
      await replication.receive(chained(all, 1, 3));
      await replication.closeAuthor({ nodeId, incarnation, seq: 2, link });
      const closedAt = { seq: 3, link: all[2]?.link };
      expect(await heldOf(incarnation)).toMatchObject({ seq: 3, closedAt });
      expect(await replication.receive(chained(all, 1, 3))).toMatchObject({ outcome: 'already_stored' });
      expect(await replication.receive(chained(all, 3))).toEqual({ outcome: 'closed', ...closedAt });
    });

    test('an id of another event, and a command told twice by one incarnation, are refused', async () => {
      const taken = event();
      await store.append({ streams: [part(newId(), 'none', [taken])], context });
      const node = parkNode();
      await fill(node, 2);
      await node.store.append({ streams: [part(newId(), 'none', [taken])], context });
      const all = await authoredBy(node);
      const { position } = await replication.head();
      expect(await replication.receive(chained(all))).toEqual({ outcome: 'id_reused', seq: 3 });
      expect((await replication.head()).position).toBe(position);
      const twice = all.slice(0, 2).map((each) => ({ ...each, commandId: all[0]?.commandId ?? null }));
      expect(await replication.receive({ events: twice, chain: null })).toEqual({ outcome: 'id_reused', seq: 2 });
    });

    test('a command of another node is none of ours', async () => {
      const all = await filled(1);
      const commandId = all[0]?.commandId ?? '';
      await replication.receive(chained(all));
      expect(await store.findCommand(commandId)).toBeNull();
      expect(await store.append(one(newId(), 'none', 1, { commandId }))).toMatchObject({ outcome: 'stored' });
    });

    test('single events are stored once, in any order, and are no chain', async () => {
      const all = await filled(6);
      const [second, fifth] = [all[1], all[4]] as const;
      const events = [fifth, second].flatMap((each) => each ?? []);
      expect(await replication.receive({ events, chain: null })).toMatchObject({ outcome: 'stored', stored: 2 });
      expect(await replication.receive({ events, chain: null })).toMatchObject({ outcome: 'already_stored' });
      expect(await heldOf(all[0]?.incarnation ?? '')).toMatchObject({ seq: 5, link: fifth?.link, isWhole: false });
      expect(await replication.receive(chained(all))).toMatchObject({ outcome: 'stored', stored: all.length - 2 });
      expect(await heldOf(all[0]?.incarnation ?? '')).toMatchObject({ seq: all.length, isWhole: true });
    });

    test('versions of a stream are counted here, and its author’s own are kept for the chain', async () => {
      const node = parkNode();
      const streamId = newId();
      await node.store.append(one(streamId, 'none', 3));
      const all = await authoredBy(node);
      await replication.receive({ events: all.slice(2), chain: null });
      await replication.receive(chained(all));
      expect((await store.load(streamId)).events.map(({ version, id }) => [version, id])).toEqual([
        [1, all[2]?.id],
        [2, all[0]?.id],
        [3, all[1]?.id],
      ]);
    });

    test('a clock far ahead is not followed', async () => {
      const hlc = String(BigInt(Date.now() + 3_600_000_000) << 16n);
      const ahead = { ...nth(await filled(1), 1), hlc };
      const before = await replication.head();
      const linked = { ...ahead, link: authoredLink(ahead, BEGINNING) };
      expect(await replication.receive(chained([linked]))).toMatchObject({ outcome: 'stored' });
      expect((await replication.head()).hlc).toBe(before.hlc);
    });

    test('the checkpoint of the peer moves with the events, never back', async () => {
      const all = await filled(4);
      const { incarnation = '' } = all[0] ?? {};
      const at = (position: number) => ({
        peerNodeId: PARK,
        feed: { incarnation, position, link: all[0]?.link ?? '' },
        lastContactMs: NOW_MS + position,
      });
      await replication.receive({ ...chained(all, 1, 2), peer: at(20) });
      const mine = async () => (await replication.peers()).find(({ peerNodeId }) => peerNodeId === PARK);
      expect(await mine()).toEqual({ ...at(20), acked: null });
      await replication.receive({ ...chained(all, 1, 2), peer: at(10) });
      expect(await mine()).toEqual({ ...at(20), acked: null });
      await replication.receive({ ...chained(all, 4), peer: at(40) });
      expect(await mine()).toEqual({ ...at(20), acked: null });
      const { seq, link, incarnation: own } = await replication.head();
      await replication.notePeer({ peerNodeId: PARK, acked: { incarnation: own, seq, link }, lastContactMs: NOW_MS });
      expect(await mine()).toEqual({ ...at(20), acked: { incarnation: own, seq, link } });
    });

    test('the proof of a place is kept with it, however it came, and goes with it', async () => {
      const all = await filled(2);
      const { incarnation = '', link = '' } = all[0] ?? {};
      const peerNodeId = PARK;
      const feed = async () => (await replication.peers()).find((peer) => peer.peerNodeId === PARK)?.feed;
      const proven = { incarnation, position: 20, link, proof: 'p'.repeat(42) + 'A' };
      await replication.receive({ ...chained(all), peer: { peerNodeId, feed: proven, lastContactMs: NOW_MS } });
      expect(await feed()).toEqual(proven);
      const older = { incarnation, position: 10, link, proof: 'q'.repeat(42) + 'A' };
      await replication.notePeer({ peerNodeId, feed: older, lastContactMs: NOW_MS });
      expect(await feed()).toEqual(proven);
      await replication.notePeer({ peerNodeId, feed: { ...older, position: 30 }, lastContactMs: NOW_MS });
      expect(await feed()).toEqual({ ...older, position: 30 });
      await replication.notePeer({ peerNodeId, feed: { incarnation, position: 40, link }, lastContactMs: NOW_MS });
      expect(await feed()).toEqual({ incarnation, position: 40, link });
    });

    test('what no store can keep is refused aloud', async () => {
      const bad = { ...nth(await filled(1), 1), link: 'short' };
      await expect(replication.receive({ events: [bad], chain: null })).rejects.toThrow('no stamp or link');
    });
  });
}
