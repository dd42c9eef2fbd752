import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventStore } from '../../kernel/event-store.ts';
import { beside, context, event, events, newId, NOON_MS, one, outcomeOf, part } from './appends.suite.ts';

export type StoreSource = {
  open(): Promise<EventStore>;
  close(): Promise<void>;
};

/** What every event store owes: versions, all or nothing, reads. Counters, claims and repeats: store-guards.suite.ts. */
export function describeEventStore(name: string, source: StoreSource): void {
  describe(`${name}: streams`, () => {
    let store: EventStore;
    beforeAll(async () => {
      store = await source.open();
    });
    afterAll(() => source.close());

    const filled = async (count: number): Promise<string> => {
      const streamId = newId();
      await store.append(one(streamId, 'none', count));
      return streamId;
    };

    describe('the expected version', () => {
      test.each([
        { expected: 'any', version: 0, fits: true },
        { expected: 'any', version: 3, fits: true },
        { expected: 'none', version: 0, fits: true },
        { expected: 'none', version: 3, fits: false },
        { expected: 'exists', version: 3, fits: true },
        { expected: 'exists', version: 0, fits: false },
        { expected: 3, version: 3, fits: true },
        { expected: 3, version: 4, fits: false },
        { expected: 3, version: 2, fits: false },
        { expected: 1, version: 0, fits: false },
      ] as const)('$expected on a stream at $version: fits $fits', async ({ expected, version, fits }) => {
        const streamId = version === 0 ? newId() : await filled(version);
        const head = await store.headPosition();
        const answer = await store.append(one(streamId, expected, 2));
        expect(answer).toEqual(
          fits
            ? { outcome: 'stored', firstPosition: head + 1, lastPosition: head + 2 }
            : { outcome: 'version_conflict', streamId, actualVersion: version },
        );
        expect((await store.load(streamId)).version).toBe(fits ? version + 2 : version);
        expect(await store.headPosition()).toBe(fits ? head + 2 : head);
      });

      test('is checked on streams that get no event, beside one that does', async () => {
        const [checked, written] = [await filled(2), newId()];
        const append = (expected: number) =>
          store.append({ streams: [part(checked, expected, []), part(written, 'none', events(1))], context });
        expect(await append(1)).toEqual({ outcome: 'version_conflict', streamId: checked, actualVersion: 2 });
        expect((await store.load(written)).version).toBe(0);
        expect(await outcomeOf(append(2))).toBe('stored');
        expect((await store.load(checked)).version).toBe(2);
      });

      test('is that before the append for a stream named twice in it', async () => {
        const streamId = newId();
        const twice = { streams: [part(streamId, 'none', events(1)), part(streamId, 'none', events(2))], context };
        expect(await outcomeOf(store.append(twice))).toBe('stored');
        expect((await store.load(streamId)).version).toBe(3);
      });
    });

    describe('an append over several streams', () => {
      test('is stored in the order given, on dense positions', async () => {
        const [a, b] = [newId(), newId()];
        const append = { streams: [part(a, 'none', events(2)), part(b, 'none', events(1))], context };
        const head = await store.headPosition();
        await store.append(append);
        const stored = await store.read(head, 10);
        expect(stored.map(({ streamId, version, position }) => [streamId, version, position - head])).toEqual([
          [a, 1, 1],
          [a, 2, 2],
          [b, 1, 3],
        ]);
        expect(stored.map(({ id }) => id)).toEqual(
          append.streams.flatMap((stream) => stream.events.map(({ id }) => id)),
        );
      });

      test('is stored as a whole or not at all', async () => {
        const [fresh, taken] = [newId(), await filled(1)];
        const head = await store.headPosition();
        const append = { streams: [part(fresh, 'none', events(3)), part(taken, 'none', events(1))], context };
        expect(await outcomeOf(store.append(append))).toBe('version_conflict');
        expect((await store.load(fresh)).version).toBe(0);
        expect(await store.headPosition()).toBe(head);
      });
    });

    describe('appends sent together', () => {
      test('to one stream find it as the one before left it', async () => {
        const streamId = newId();
        const answers = await Promise.all([
          store.append(one(streamId, 'none', 2)),
          store.append(one(streamId, 'none')),
          store.append(one(streamId, 2)),
          store.append(one(streamId, 2)),
          store.append(one(streamId, 'any')),
          store.append(one(streamId, 4)),
        ]);
        expect(answers.map(({ outcome }) => outcome)).toEqual([
          'stored',
          'version_conflict',
          'stored',
          'version_conflict',
          'stored',
          'stored',
        ]);
        const { version, events: stored } = await store.load(streamId);
        expect(version).toBe(5);
        expect(stored.map((each) => each.version)).toEqual([1, 2, 3, 4, 5]);
        const page = await store.load(streamId, 1, 2);
        expect([page.version, ...page.events.map((each) => each.version)]).toEqual([3, 2, 3]);
      });

      test('answer each for itself, and positions stay dense', async () => {
        const head = await store.headPosition();
        const taken = await filled(1);
        const answers = await Promise.all(
          Array.from({ length: 100 }, (_, index) =>
            store.append(index % 3 === 0 ? one(taken, 'none') : one(newId(), 'none', (index % 4) + 1)),
          ),
        );
        const conflicts = answers.filter(({ outcome }) => outcome === 'version_conflict');
        expect(conflicts).toHaveLength(34);
        const stored = await store.read(head, 1000);
        expect(stored.map(({ position }) => position)).toEqual(stored.map((_, index) => head + index + 1));
        expect(await store.headPosition()).toBe(head + stored.length);
        const spans = answers.flatMap((answer) => (answer.outcome === 'stored' ? [answer] : []));
        expect(spans.reduce((sum, span) => sum + span.lastPosition - span.firstPosition + 1, 1)).toBe(stored.length);
      });

      test('may be as large as 5 000 events', async () => {
        const streamId = newId();
        const [before, huge, after] = await Promise.all([
          store.append(one(newId(), 'none')),
          store.append(one(streamId, 'none', 5000)),
          store.append(one(newId(), 'none')),
        ]);
        expect([before?.outcome, huge?.outcome, after?.outcome]).toEqual(['stored', 'stored', 'stored']);
        const { version, events: stored } = await store.load(streamId);
        expect(version).toBe(5000);
        expect(stored.every((each, index) => each.data['index'] === index)).toBe(true);
      });
    });

    describe('an append decided on another that is not stored yet', () => {
      test('is stored after it', async () => {
        const streamId = newId();
        const [first, second] = [{}, {}];
        const answers = await Promise.all([
          store.append(one(streamId, 'none', 1, { chain: { token: first, after: [] } })),
          store.append(one(streamId, 1, 1, { chain: { token: second, after: [first] } })),
        ]);
        expect(answers.map(({ outcome }) => outcome)).toEqual(['stored', 'stored']);
      });

      test.each(['together', 'later'])(
        'is refused when that one is, although another writer reached the expected version (%s)',
        async (when) => {
          const streamId = await filled(1);
          const [first, second, third] = [{}, {}, {}];
          const transfers = [{ from: `empty/${streamId}`, to: null, amount: 1 }];
          const sent = [store.append(one(streamId, 1, 1, { transfers, chain: { token: first, after: [] } }))];
          if (when === 'later') await sent[0];
          sent.push(store.append(one(streamId, 1)));
          if (when === 'later') await sent[1];
          sent.push(store.append(one(streamId, 2, 1, { chain: { token: second, after: [first] } })));
          sent.push(store.append(one(streamId, 3, 1, { chain: { token: third, after: [second] } })));
          const answers = await Promise.all(sent);
          expect(answers.map(({ outcome }) => outcome)).toEqual([
            'insufficient',
            'stored',
            'version_conflict',
            'version_conflict',
          ]);
          expect(answers[2]).toEqual({ outcome: 'version_conflict', streamId, actualVersion: 0 });
          expect((await store.load(streamId)).version).toBe(2);
        },
      );

      test('is refused when that one was a bug that never reached the log', async () => {
        const streamId = await filled(1);
        const [first, second] = [{}, {}];
        await expect(store.append(one(streamId, 1, 0, { chain: { token: first, after: [] } }))).rejects.toThrow(
          'an append without events',
        );
        const orphan = one(streamId, 1, 1, { chain: { token: second, after: [first] } });
        expect(await outcomeOf(store.append(orphan))).toBe('version_conflict');
      });
    });

    describe('reading', () => {
      test('gives back what was stored', async () => {
        const streamId = newId();
        const commandId = newId();
        const data = {
          text: 'Ысык-Көл 🎟 "\\/\b\u001f\u2028',
          number: 2 ** 53 - 1,
          list: [null, true, { deep: [-1] }],
          '': {},
        };
        const added = [event('TestNamed', data), event('TestHappened')];
        const before = Date.now();
        const answer = await store.append({
          commandId,
          streams: [part(streamId, 'none', added)],
          context: {
            actor: 'user:1',
            correlationId: 'c',
            causationId: 'z',
            parkId: 'bishkek',
            occurredAtMs: NOON_MS + 1,
          },
        });
        expect(answer.outcome).toBe('stored');
        const position = answer.outcome === 'stored' ? answer.firstPosition : 0;
        const [first, second] = (await store.load(streamId)).events;
        const recordedAtMs = first?.recordedAtMs ?? 0;
        expect(recordedAtMs).toBeGreaterThanOrEqual(before);
        expect(recordedAtMs).toBeLessThanOrEqual(Date.now());
        const expected = {
          ...added[0],
          streamId,
          aggregateType: 'Test',
          version: 1,
          position,
          parkId: 'bishkek',
          actor: 'user:1',
          correlationId: 'c',
          causationId: 'z',
          commandId,
          occurredAtMs: NOON_MS + 1,
          recordedAtMs,
          nodeId: store.nodeId,
          incarnation: first?.incarnation,
        };
        expect(first).toEqual(expected);
        expect(second).toEqual({ ...expected, ...added[1], version: 2, position: position + 1, commandId: null });
      });

      test('what was left out is null', async () => {
        const streamId = await filled(1);
        const [stored] = (await store.load(streamId)).events;
        expect(stored).toMatchObject({ parkId: null, causationId: null, commandId: null });
      });

      test('loads a stream from a version on, and nothing of one that does not exist', async () => {
        const streamId = await filled(5);
        const { version, events: tail } = await store.load(streamId, 3);
        expect([version, tail.map((each) => each.version)]).toEqual([5, [4, 5]]);
        expect(await store.load(streamId, 5)).toEqual({ version: 5, events: [] });
        expect(await store.load(newId())).toEqual({ version: 0, events: [] });
      });

      test('reads on from a position, up to a limit, and of some types only', async () => {
        const head = await store.headPosition();
        const types = ['A', 'B', 'A', 'C', 'B', 'A'];
        await store.append({
          streams: [
            part(
              newId(),
              'none',
              types.map((type) => event(`Test${type}`)),
            ),
          ],
          context,
        });
        const places = async (after: number, limit: number, only?: readonly string[]): Promise<number[]> =>
          (await store.read(head + after, limit, only)).map(({ position }) => position - head);
        expect(await places(0, 100)).toEqual([1, 2, 3, 4, 5, 6]);
        expect(await places(2, 3)).toEqual([3, 4, 5]);
        expect(await places(6, 10)).toEqual([]);
        expect(await places(0, 100, ['TestA'])).toEqual([1, 3, 6]);
        expect(await places(1, 2, ['TestB', 'TestA'])).toEqual([2, 3]);
        expect(await places(0, 100, ['TestZ'])).toEqual([]);
        expect(await places(0, 100, [])).toEqual([]);
      });
    });

    test('counters and claims do not exist until they are used', async () => {
      expect(await store.balances([newId(), newId()])).toEqual([0, 0]);
      expect(await store.balances([])).toEqual([]);
      expect(await store.ownerOf('phone', newId())).toBeNull();
      expect(await outcomeOf(store.append(beside({})))).toBe('stored');
    });
  });
}
