import { verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventStore } from '../../kernel/event-store.ts';
import { segmentBytes, type ReplicationLog } from '../../kernel/replication.ts';
import { context, event, newId, one, part } from './appends.suite.ts';
import { authoredBy, chained, fill, parkNode, publicKeyOfTests, signer } from './authored-log.suite.ts';
import { BEGINNING } from './authored-event.ts';
import type { ReplicationSource } from './receiving-contract.suite.ts';

/** What every replication log owes about what it hands out. */
export function describeHandingOut(name: string, source: ReplicationSource): void {
  describe(`${name}: handing out`, () => {
    let store: EventStore;
    let replication: ReplicationLog;
    beforeAll(async () => {
      ({ store, replication } = await source.open());
    });
    afterAll(() => source.close());

    test('segments hold everything once, are signed, and another node can check and store them', async () => {
      const { incarnation } = await replication.head();
      for (let index = 0; index < 4; index += 1) await store.append(one(newId(), 'none', 240));
      expect(await replication.seal(signer)).toBe(2);
      expect(await replication.seal(signer)).toBe(0);
      await store.append(one(newId(), 'none', 1));
      expect(await replication.seal(signer)).toBe(1);
      const segments = await replication.segmentsAfter(incarnation, 0, { segments: 10 });
      expect(segments.map(({ header }) => [header.first, header.last])).toEqual([
        [1, 480],
        [481, 960],
        [961, 961],
      ]);
      const other = parkNode('other');
      for (const segment of segments) {
        const { header, signature, events } = segment;
        const bytes = segmentBytes(header);
        expect(verify(null, bytes, publicKeyOfTests, Buffer.from(signature, 'base64url'))).toBe(true);
        const answer = await other.replication.receive({ events, chain: header, segment });
        expect(answer).toMatchObject({ outcome: 'stored', stored: events.length });
        expect(events.at(-1)?.link).toBe(header.lastLink);
      }
      expect(await replication.segmentsAfter(incarnation, 480, { segments: 1 })).toEqual(segments.slice(1, 2));
      expect(await other.replication.segmentsAfter(incarnation, 0, { segments: 10 })).toEqual(segments);
    });

    test('as many segments are made as were asked for, and the rest later', async () => {
      const { incarnation, seq, link } = await replication.head();
      await replication.seal(signer);
      expect(await replication.lastSealed()).toEqual({ incarnation, seq, link });
      for (let index = 0; index < 6; index += 1) await store.append(one(newId(), 'none', 240));
      expect(await replication.seal(signer, { segments: 2 })).toBe(2);
      expect(await replication.lastSealed()).toMatchObject({ incarnation, seq: seq + 960 });
      const limits = { segments: 10 };
      const first = await replication.segmentsAfter(incarnation, seq, limits);
      expect(first.map(({ events }) => events.length)).toEqual([480, 480]);
      expect(await replication.segmentsAfter(incarnation, seq, limits)).toEqual(first);
      expect(await replication.segmentsAfter(incarnation, seq, { ...limits, events: 960 })).toEqual(first);
      expect(await replication.segmentsAfter(incarnation, seq, { ...limits, events: 959 })).toEqual(first.slice(0, 1));
      expect(await replication.segmentsAfter(incarnation, seq, { ...limits, events: 1 })).toEqual(first.slice(0, 1));
      expect(await replication.seal(signer, { segments: 2 })).toBe(1);
      const head = await replication.head();
      expect(await replication.lastSealed()).toEqual({ incarnation, seq: head.seq, link: head.link });
    });

    test('a received segment is handed on as it came, and our own say how far we had read its author', async () => {
      const node = parkNode();
      await fill(node, 4);
      const all = await authoredBy(node);
      const { incarnation } = await node.replication.head();
      const [segment] = await node.replication.segmentsAfter(incarnation, 0, { segments: 1 });
      await replication.receive({ ...chained(all), ...(segment && { segment }) });
      expect(await replication.segmentsAfter(incarnation, 0, { segments: 10 })).toEqual([segment]);
      await store.append(one(newId(), 'none'));
      await replication.seal(signer);
      const own = (await replication.head()).incarnation;
      const newest = (await replication.segmentsAfter(own, 0, { segments: 1000 })).at(-1);
      expect(newest?.header.vector).toContainEqual([incarnation, all.length]);
    });

    test('the feed of a park has what goes to all and what goes to it, and only what this node wrote', async () => {
      const { position: start } = await replication.head();
      const types = { everyParkTypes: ['ForAll'], itsParkTypes: ['ForOne'] };
      const add = (type: string, parkId: string) =>
        store.append({ streams: [part(newId(), 'none', [event(type)])], context: { ...context, parkId } });
      await add('ForAll', 'one');
      await add('ForOne', 'one');
      await add('ForOne', 'two');
      await add('ForNobody', 'two');
      await add('ForAll', 'two');
      const foreign = parkNode();
      await fill(foreign, 2, 'ForAll');
      await replication.receive(chained(await authoredBy(foreign)));
      const asked = { parkId: 'two', ...types, afterPosition: start, limit: 2 };
      const page = await replication.feed(asked);
      expect(page.events.map(({ type, parkId }) => [type, parkId])).toEqual([
        ['ForAll', 'one'],
        ['ForOne', 'two'],
      ]);
      expect(page).toMatchObject({ place: { position: start + 3 }, isEnd: false });
      const rest = await replication.feed({ ...asked, afterPosition: page.place.position });
      expect(rest.events.map(({ type }) => type)).toEqual(['ForAll']);
      const { position, link, incarnation } = await replication.head();
      expect(rest).toMatchObject({ place: { position, link, incarnation }, isEnd: true });
      const end = await replication.feed({ ...asked, afterPosition: position });
      expect(end).toEqual({ events: [], place: rest.place, isEnd: true });
      expect(await replication.placeAt(start + 5)).toMatchObject({ incarnation, link });
      expect(await replication.placeAt(position + 1)).toBeNull();
      const after = { incarnation, seq: start + 5, link };
      expect(await replication.feed({ ...asked, afterPosition: position, after })).toEqual(end);
    });

    test('a new incarnation begins a new chain, and what the old one wrote stays as an author’s', async () => {
      await store.append(one(newId(), 'none', 2));
      const old = await replication.head();
      const opened = await replication.openIncarnation('restored from a backup');
      expect(opened).toMatchObject({ nodeId: old.nodeId, seq: 0, link: BEGINNING, position: old.position });
      expect(opened.incarnation).not.toBe(old.incarnation);
      expect(await replication.placeAt(old.position)).toEqual({
        incarnation: old.incarnation,
        seq: old.seq,
        link: old.link,
      });
      await store.append(one(newId(), 'none'));
      expect(await replication.head()).toMatchObject({ incarnation: opened.incarnation, seq: 1 });
      const authors = await replication.authors();
      expect(authors).toContainEqual({
        nodeId: old.nodeId,
        incarnation: old.incarnation,
        seq: old.seq,
        link: old.link,
        closedAt: null,
        isWhole: true,
      });
    });

    test('what a former life of this node wrote comes back to it, with its commands', async () => {
      const former = parkNode(store.nodeId);
      await fill(former, 2);
      const all = await authoredBy(former);
      const { position } = await replication.head();
      expect(await replication.receive(chained(all))).toMatchObject({ outcome: 'stored' });
      const commandId = all[0]?.commandId ?? '';
      expect(await store.findCommand(commandId)).toEqual({ firstPosition: position + 1, lastPosition: position + 1 });
      expect(await store.append(one(newId(), 'none', 1, { commandId }))).toMatchObject({ outcome: 'already_stored' });
    });
  });
}
