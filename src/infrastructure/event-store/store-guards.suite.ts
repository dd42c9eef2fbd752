import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BrokenInvariant } from '../../kernel/assert.ts';
import type { Append, EventStore } from '../../kernel/event-store.ts';
import { beside, context, event, events, newId, one, outcomeOf, part } from './appends.suite.ts';
import type { StoreSource } from './store-contract.suite.ts';

/** What every event store guards besides versions: counters, names, and that a thing told twice happens once. */
export function describeStoreGuards(name: string, source: StoreSource): void {
  describe(`${name}: guards`, () => {
    let store: EventStore;
    beforeAll(async () => {
      store = await source.open();
    });
    afterAll(() => source.close());

    describe('counters', () => {
      const account = (): string => `test/${newId()}`;
      const filled = async (amount: number): Promise<string> => {
        const to = account();
        await store.append(beside({ transfers: [{ from: null, to, amount }] }));
        return to;
      };

      test('take from the outside, from each other, and give back to the outside', async () => {
        const [free, held] = [await filled(10), account()];
        await store.append(beside({ transfers: [{ from: free, to: held, amount: 4 }] }));
        await store.append(beside({ transfers: [{ from: held, to: null, amount: 3 }] }));
        expect(await store.balances([held, free, account()])).toEqual([1, 6, 0]);
      });

      test('never go below zero: what lacks even one refuses the whole append', async () => {
        const [free, other] = [await filled(2), account()];
        const append = beside({
          transfers: [
            { from: null, to: other, amount: 5 },
            { from: free, to: null, amount: 3 },
          ],
        });
        expect(await store.append(append)).toEqual({ outcome: 'insufficient', account: free, available: 2 });
        expect(await store.balances([free, other])).toEqual([2, 0]);
        expect((await store.load(append.streams[0]?.streamId ?? '')).version).toBe(0);
        const never = account();
        const empty = beside({ transfers: [{ from: never, to: null, amount: 1 }] });
        expect(await store.append(empty)).toEqual({ outcome: 'insufficient', account: never, available: 0 });
      });

      test('owe what a transfer overdrew, and give nothing until that is made up for', async () => {
        const [free, gone] = [await filled(3), account()];
        await store.append(beside({ transfers: [{ from: free, to: gone, amount: 5, overdraws: true }] }));
        expect(await store.balances([free, gone])).toEqual([-2, 5]);
        const take = () => store.append(beside({ transfers: [{ from: free, to: null, amount: 1 }] }));
        expect(await take()).toEqual({ outcome: 'insufficient', account: free, available: 0 });
        await store.append(beside({ transfers: [{ from: gone, to: free, amount: 2 }] }));
        expect(await take()).toEqual({ outcome: 'insufficient', account: free, available: 0 });
        await store.append(beside({ transfers: [{ from: gone, to: free, amount: 1 }] }));
        expect(await outcomeOf(take())).toBe('stored');
        expect(await store.balances([free, gone])).toEqual([0, 2]);
      });

      test('may be taken from in the append that filled them, in the order given', async () => {
        const [a, b] = [account(), account()];
        const chained = [
          { from: null, to: a, amount: 7 },
          { from: a, to: b, amount: 7 },
          { from: b, to: null, amount: 6 },
        ];
        expect(await outcomeOf(store.append(beside({ transfers: chained })))).toBe('stored');
        expect(await store.balances([a, b])).toEqual([0, 1]);
        const reversed = beside({ transfers: chained.toReversed() });
        expect(await store.append(reversed)).toEqual({ outcome: 'insufficient', account: b, available: 1 });
      });

      test('tell what was there before the append when it refuses', async () => {
        const free = await filled(5);
        const transfers = [
          { from: free, to: null, amount: 4 },
          { from: free, to: null, amount: 4 },
        ];
        expect(await store.append(beside({ transfers }))).toMatchObject({ outcome: 'insufficient', available: 5 });
      });

      test('of appends sent together sell exactly what is there', async () => {
        const [free, sold] = [await filled(100), account()];
        const answers = await Promise.all(
          Array.from({ length: 300 }, () => store.append(beside({ transfers: [{ from: free, to: sold, amount: 1 }] }))),
        );
        expect(answers.filter(({ outcome }) => outcome === 'stored')).toHaveLength(100);
        expect(answers.filter(({ outcome }) => outcome === 'insufficient')).toHaveLength(200);
        expect(await store.balances([free, sold])).toEqual([0, 100]);
      });

      test('are untouched by an append refused for its version', async () => {
        const free = await filled(3);
        const append = one(newId(), 5, 1, { transfers: [{ from: free, to: null, amount: 1 }] });
        expect(await outcomeOf(store.append(append))).toBe('version_conflict');
        expect(await store.balances([free])).toEqual([3]);
      });
    });

    describe('claims', () => {
      const scope = 'test';
      const claim = (key: string, owner: string | null) => ({ claims: [{ scope, key, owner }] });

      test('a free name is taken, again by its owner, and by nobody else', async () => {
        const [key, owner] = [newId(), newId()];
        expect(await outcomeOf(store.append(beside(claim(key, owner))))).toBe('stored');
        expect(await outcomeOf(store.append(beside(claim(key, owner))))).toBe('stored');
        expect(await store.append(beside(claim(key, newId())))).toEqual({ outcome: 'claimed', scope, key });
        expect(await store.ownerOf(scope, key)).toBe(owner);
        expect(await store.ownerOf('other', key)).toBeNull();
      });

      test('a name given up is free, also within the append that gave it up', async () => {
        const [key, first, second] = [newId(), newId(), newId()];
        await store.append(beside(claim(key, first)));
        await store.append(beside(claim(key, null)));
        expect(await store.ownerOf(scope, key)).toBeNull();
        await store.append(beside(claim(key, first)));
        const both = [
          { scope, key, owner: null },
          { scope, key, owner: second },
        ];
        expect(await outcomeOf(store.append(beside({ claims: both })))).toBe('stored');
        expect(await store.ownerOf(scope, key)).toBe(second);
        expect(await outcomeOf(store.append(beside({ claims: both.toReversed() })))).toBe('stored');
        expect(await store.ownerOf(scope, key)).toBeNull();
      });

      test('among appends sent together the first gets it; given up and taken between them it changes hands', async () => {
        const [key, first, second, third] = [newId(), newId(), newId(), newId()];
        const answers = await Promise.all([
          store.append(beside(claim(key, first))),
          store.append(beside(claim(key, second))),
          store.append(beside(claim(key, null))),
          store.append(beside(claim(key, third))),
        ]);
        expect(answers.map(({ outcome }) => outcome)).toEqual(['stored', 'claimed', 'stored', 'stored']);
        expect(await store.ownerOf(scope, key)).toBe(third);
      });

      test('a refused append takes none of its names', async () => {
        const [free, taken] = [newId(), newId()];
        await store.append(beside(claim(taken, newId())));
        const claims = [free, taken].map((key) => ({ scope, key, owner: newId() }));
        expect(await store.append(beside({ claims }))).toEqual({ outcome: 'claimed', scope, key: taken });
        expect(await store.ownerOf(scope, free)).toBeNull();
      });

      test('scope and key are apart whatever characters they have', async () => {
        const [tail, owner] = [newId(), newId()];
        await store.append(beside({ claims: [{ scope: `a\u001fb`, key: tail, owner }] }));
        expect(await store.ownerOf('a\u001fb', tail)).toBe(owner);
        expect(await store.ownerOf('a', `b\u001f${tail}`)).toBeNull();
      });
    });

    describe('a repeat', () => {
      test('by command id changes nothing and answers where the first is, whatever it would append now', async () => {
        const [commandId, streamId] = [newId(), newId()];
        const first = await store.append(one(streamId, 'none', 3, { commandId }));
        const places = first.outcome === 'stored' ? [first.firstPosition, first.lastPosition] : [];
        const answer = { outcome: 'already_stored', firstPosition: places[0], lastPosition: places[1] };
        expect(await store.append(one(newId(), 'none', 1, { commandId }))).toEqual(answer);
        expect(await store.append(one(streamId, 99, 1, { commandId }))).toEqual(answer);
        expect(await store.findCommand(commandId)).toEqual({ firstPosition: places[0], lastPosition: places[1] });
        expect(await store.findCommand(newId())).toBeNull();
        expect((await store.load(streamId)).version).toBe(3);
      });

      test('by command id sent together with its first time', async () => {
        const [commandId, streamId] = [newId(), newId()];
        const [refused, first, second] = await Promise.all([
          store.append(one(streamId, 7, 1, { commandId })),
          store.append(one(streamId, 'none', 2, { commandId })),
          store.append(one(streamId, 2, 2, { commandId })),
        ]);
        expect([refused.outcome, first.outcome]).toEqual(['version_conflict', 'stored']);
        expect(second).toEqual({ ...first, outcome: 'already_stored' });
        expect((await store.load(streamId)).version).toBe(2);
      });

      test.each(['any', 'none'] as const)('by event ids, expecting %s', async (expected) => {
        const append = one(newId(), expected, 3);
        const first = await store.append(append);
        expect(await store.append(append)).toEqual({ ...first, outcome: 'already_stored' });
        expect((await store.load(append.streams[0]?.streamId ?? '')).version).toBe(3);
      });

      test.each(['any', 'none'] as const)(
        'by event ids sent together with its first time, expecting %s',
        async (expected) => {
          const append = one(newId(), expected, 2);
          const other = one(newId(), 'none');
          const [first, second, neighbour] = await Promise.all(
            [append, append, other].map((each) => store.append(each)),
          );
          expect(first?.outcome).toBe('stored');
          expect(second).toEqual({ ...first, outcome: 'already_stored' });
          expect(neighbour?.outcome).toBe('stored');
        },
      );

      test('is answered with the first success also when it would now be refused for its counter or claim', async () => {
        const [account, key] = [`test/${newId()}`, newId()];
        await store.append(beside({ transfers: [{ from: null, to: account, amount: 1 }] }));
        const taking = one(newId(), 'any', 1, { transfers: [{ from: account, to: null, amount: 1 }] });
        const claiming = one(newId(), 'any', 1, { claims: [{ scope: 'test', key, owner: newId() }] });
        const firsts = [await store.append(taking), await store.append(claiming)];
        await store.append(beside({ claims: [{ scope: 'test', key, owner: null }] }));
        await store.append(beside({ claims: [{ scope: 'test', key, owner: newId() }] }));
        expect(await store.append(taking)).toEqual({ ...firsts[0], outcome: 'already_stored' });
        expect(await store.append(claiming)).toEqual({ ...firsts[1], outcome: 'already_stored' });
        expect(await store.balances([account])).toEqual([0]);
      });

      test('after a refusal is decided anew: a refusal stores nothing', async () => {
        const [account, commandId] = [`test/${newId()}`, newId()];
        const append = one(newId(), 'none', 1, { commandId, transfers: [{ from: account, to: null, amount: 1 }] });
        expect(await outcomeOf(store.append(append))).toBe('insufficient');
        expect(await outcomeOf(store.append(append))).toBe('insufficient');
        await store.append(beside({ transfers: [{ from: null, to: account, amount: 1 }] }));
        expect(await outcomeOf(store.append(append))).toBe('stored');
        expect(await outcomeOf(store.append(append))).toBe('already_stored');
      });

      test('of only some of its events, of events of several appends, or on another stream is an id reused', async () => {
        const [a, b, known, other] = [newId(), newId(), event(), event()];
        await store.append({ streams: [part(a, 'none', [known])], context });
        await store.append(one(newId(), 'none'));
        await store.append({ streams: [part(a, 1, [other])], context });
        for (const expected of ['any', 'none'] as const) {
          const answers = [
            await store.append({ streams: [part(a, expected, [known, event()])], context }),
            await store.append({ streams: [part(a, expected, [known, other])], context }),
            await store.append({ streams: [part(b, expected, [known])], context }),
          ];
          expect(answers).toEqual([{ outcome: 'id_reused' }, { outcome: 'id_reused' }, { outcome: 'id_reused' }]);
        }
        expect((await store.load(b)).version).toBe(0);
      });
    });

    describe('a bug of the caller throws, and never reaches its neighbours', () => {
      const [streamId, far] = [newId(), 'x'.repeat(51)];
      const transfer = (amount: number, from: string | null = 'a', to: string | null = 'b') =>
        beside({ transfers: [{ from, to, amount }] });
      const same = event();
      const bugs: readonly (readonly [string, Append])[] = [
        ['no events', { streams: [part(streamId, 'any', [])], context }],
        ['no streams', { streams: [], context }],
        ['more than 10 000 events', one(streamId, 'any', 10_001)],
        ['an event id twice', { streams: [part(streamId, 'any', [same, same])], context }],
        ['a transfer of nothing', transfer(0)],
        ['a negative transfer', transfer(-1)],
        ['a transfer of a fraction', transfer(1.5)],
        ['a transfer to itself', transfer(1, 'a', 'a')],
        ['a transfer from outside to outside', transfer(1, null, null)],
        ['an account without a name', transfer(1, '')],
        ['an expected version of 0', one(streamId, 0)],
        ['an expected version below', one(streamId, -1)],
        ['a stream id that is no UUID', one('ticket-1', 'any')],
        ['a UUID in capitals', one(streamId.toUpperCase(), 'any')],
        ['a command id that is no UUID', one(streamId, 'any', 1, { commandId: 'c' })],
        ['an owner that is no UUID', beside({ claims: [{ scope: 's', key: 'k', owner: 'me' }] })],
        ['a park id too long', one(streamId, 'any', 1, { context: { ...context, parkId: far } })],
        ['an event type too long', { streams: [part(streamId, 'any', [event(far)])], context }],
        ['NUL in the actor', one(streamId, 'any', 1, { context: { ...context, actor: 'a\0' } })],
        ['a lone surrogate in an account', transfer(1, '\ud800')],
        ['an instant with a fraction', one(streamId, 'any', 1, { context: { ...context, occurredAtMs: 1.5 } })],
        ['an instant before 1970', one(streamId, 'any', 1, { context: { ...context, occurredAtMs: -1 } })],
        ['NUL in the data', { streams: [part(streamId, 'any', [event('T', { deep: ['a\0'] })])], context }],
        ['NUL in a name', { streams: [part(streamId, 'any', [event('T', { 'a\0': 1 })])], context }],
        ['a lone surrogate in the data', { streams: [part(streamId, 'any', [event('T', { a: '\udc00' })])], context }],
        ['a number that is none', { streams: [part(streamId, 'any', [event('T', { a: Number.NaN })])], context }],
      ];

      test.each(bugs)('%s', async (_what, append) => {
        const neighbours = [one(newId(), 'none'), one(newId(), 'none')];
        const [before, bug, after] = await Promise.allSettled([
          store.append(neighbours[0] ?? append),
          store.append(append),
          store.append(neighbours[1] ?? append),
        ]);
        expect([before.status, after.status]).toEqual(['fulfilled', 'fulfilled']);
        expect(bug).toMatchObject({ status: 'rejected', reason: expect.any(BrokenInvariant) as unknown });
        expect((await store.load(streamId)).version).toBe(0);
      });
    });

    test('what was refused is told with the account, name or stream that refused it', async () => {
      const streamId = newId();
      await store.append({ streams: [part(streamId, 'none', events(2))], context });
      expect(await store.append(one(streamId, 1))).toEqual({ outcome: 'version_conflict', streamId, actualVersion: 2 });
    });
  });
}
