import { describe, expect, test } from 'vitest';
import { createManualClock } from '../infrastructure/clock.ts';
import { createMemoryNode } from '../infrastructure/event-store/memory-store.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { BrokenInvariant } from './assert.ts';
import { step, type CommandRunner } from './command-runner.ts';
import { meta, newStore, NOON_MS, runnerOn } from './runner-fixtures.suite.ts';
import { tally, tallyOn } from './tally.suite.ts';

describe('one command', () => {
  test('is decided on the state of its stream and stored with what the caller said of it', async () => {
    const store = newStore();
    const runner = runnerOn(store);
    const id = systemIds.next();
    const first = await runner.run(
      tally,
      id,
      { kind: 'raise', by: 2, who: 'a' },
      { ...meta, parkId: 'osh', causationId: 'z' },
    );
    expect(first).toEqual({
      ok: true,
      value: {
        events: [{ type: 'TallyRaised', data: { by: 2, who: 'a' } }],
        state: { total: 2, who: ['a'], isClosed: false },
        states: [{ total: 2, who: ['a'], isClosed: false }],
        replayed: false,
        lastPosition: 1,
      },
    });
    await runner.run(tally, id, { kind: 'raise', who: 'b' }, { ...meta, occurredAtMs: 5 });
    const stored = await store.read(0, 10);
    expect(stored).toMatchObject([
      { version: 1, parkId: 'osh', causationId: 'z', actor: 'system', correlationId: 'test', occurredAtMs: NOON_MS },
      { version: 2, parkId: null, occurredAtMs: 5 },
    ]);
    expect(await runner.stateOf(tally, id)).toEqual({
      state: { total: 3, who: ['a', 'b'], isClosed: false },
      version: 2,
    });
  });

  test('that is refused stores nothing', async () => {
    const store = newStore();
    const refused = await runnerOn(store).run(tally, systemIds.next(), { kind: 'raise', by: 5, most: 4 }, meta);
    expect(refused).toEqual({ ok: false, refusal: { code: 'too_many', total: 0 } });
    expect(await store.headPosition()).toBe(0);
  });

  test('that changes nothing succeeds without events', async () => {
    const store = newStore();
    const runner = runnerOn(store);
    const id = systemIds.next();
    await runner.run(tally, id, { kind: 'close' }, meta);
    const again = await runner.run(tally, id, { kind: 'close' }, meta);
    expect(again).toMatchObject({
      ok: true,
      value: { events: [], lastPosition: null, replayed: false, state: { isClosed: true } },
    });
    expect(await store.headPosition()).toBe(1);
  });

  test('on a stream believed new that is not is decided again on what is there', async () => {
    const store = newStore();
    const id = systemIds.next();
    await runnerOn(store).run(tally, id, { kind: 'raise', by: 3 }, meta);
    const done = await runnerOn(store).run(tally, id, { kind: 'raise' }, meta, { isNew: true });
    expect(done).toMatchObject({ ok: true, value: { state: { total: 4 } } });
  });

  test('whose counter or claim refuses is told so, and leaves no trace in later decisions', async () => {
    const store = newStore();
    const runner = runnerOn(store);
    const [id, other] = [systemIds.next(), systemIds.next()];
    const claims = [{ scope: 'test', key: 'k', owner: other }];
    await runner.run(tally, other, { kind: 'close' }, meta, { claims });
    const onAccount = tallyOn('places');
    expect(await runner.run(onAccount, id, { kind: 'raise', by: 2 }, meta)).toEqual({
      ok: false,
      refusal: { code: 'insufficient', account: 'places', available: 0 },
    });
    const mine = [{ scope: 'test', key: 'k', owner: id }];
    expect(await runner.run(tally, id, { kind: 'raise' }, meta, { claims: mine })).toEqual({
      ok: false,
      refusal: { code: 'claimed', scope: 'test', key: 'k' },
    });
    expect(await runner.run(tally, id, { kind: 'raise' }, meta)).toMatchObject({ value: { state: { total: 1 } } });
  });

  test('a bug in a decider throws, and later commands are decided on what is stored', async () => {
    const store = newStore();
    const runner = runnerOn(store);
    const id = systemIds.next();
    await runner.run(tally, id, { kind: 'raise' }, meta);
    const broken = { ...tally, evolve: () => expect.unreachable('evolve broke') };
    await expect(runner.run(broken, id, { kind: 'raise' }, meta)).rejects.toThrow('evolve broke');
    await expect(runner.run(tally, id, { kind: 'raise', by: 0.5 }, meta)).rejects.toThrow(BrokenInvariant);
    expect(await runner.run(tally, id, { kind: 'raise', by: 5, most: 3 }, meta)).toMatchObject({
      refusal: { total: 1 },
    });
    expect(await runner.run(tally, id, { kind: 'raise' }, meta)).toMatchObject({ value: { state: { total: 2 } } });
  });
});

describe('several steps', () => {
  test('are one append: all of it or nothing', async () => {
    const store = newStore();
    const runner = runnerOn(store);
    const [a, b] = [systemIds.next(), systemIds.next()];
    const both = (most: number) =>
      runner.runAll([step(tally, a, { kind: 'raise' }), step(tally, b, { kind: 'raise', by: 2, most })], meta);
    expect(await both(1)).toEqual({ ok: false, refusal: { code: 'too_many', total: 0 } });
    expect(await store.headPosition()).toBe(0);
    expect(await both(2)).toMatchObject({ ok: true, value: { lastPosition: 2, states: [{ total: 1 }, { total: 2 }] } });
    expect((await store.read(0, 10)).map(({ streamId }) => streamId)).toEqual([a, b]);
  });

  test('check the streams of steps that change nothing', async () => {
    const store = newStore();
    const [first, second] = [runnerOn(store), runnerOn(store)];
    const [a, b] = [systemIds.next(), systemIds.next()];
    await first.run(tally, a, { kind: 'close' }, meta);
    await second.stateOf(tally, a);
    await second.run(tally, b, { kind: 'raise' }, meta);
    const done = await second.runAll([step(tally, a, { kind: 'close' }), step(tally, b, { kind: 'raise' })], meta);
    expect(done).toMatchObject({ ok: true, value: { events: [{ type: 'TallyRaised' }] } });
  });

  test('on the same stream are a bug', async () => {
    const id = systemIds.next();
    const twice = [step(tally, id, { kind: 'raise' }), step(tally, id, { kind: 'close' })];
    await expect(runnerOn(newStore()).runAll(twice, meta)).rejects.toThrow(BrokenInvariant);
  });
});

describe('a stream that another node writes', () => {
  test('gets no event here, however its events came', async () => {
    const { store, replication } = createMemoryNode({ clock: createManualClock(NOON_MS), nodeId: 'park' });
    const author = createMemoryNode({ clock: createManualClock(NOON_MS), nodeId: 'hq' });
    const id = systemIds.next();
    await runnerOn(author.store).run(tally, id, { kind: 'raise', who: 'first' }, meta);
    const { events } = await author.replication.feed({
      parkId: 'any',
      everyParkTypes: ['TallyRaised'],
      itsParkTypes: [],
      afterPosition: 0,
      limit: 10,
    });
    const runner = runnerOn(store);
    expect(await runner.stateOf(tally, id)).toMatchObject({ version: 0 });
    await replication.receive({ events, chain: null });
    expect(await runner.stateOf(tally, id)).toMatchObject({ version: 1, state: { who: ['first'] } });
    const refused = runner.run(tally, id, { kind: 'raise', who: 'other' }, meta, { isNew: true });
    await expect(refused).rejects.toThrow('is written by node hq; node park must not append to it');
    expect(await store.headPosition()).toBe(1);
  });

  test('is gone on with by the heir of that node, in the same state and by other processes too', async () => {
    const { store, replication } = createMemoryNode({ clock: createManualClock(NOON_MS), nodeId: 'hq' });
    const author = createMemoryNode({ clock: createManualClock(NOON_MS), nodeId: 'park' });
    const id = systemIds.next();
    await runnerOn(author.store).run(tally, id, { kind: 'raise', who: 'park' }, meta);
    const { events } = await author.replication.feed({
      parkId: 'any',
      everyParkTypes: ['TallyRaised'],
      itsParkTypes: [],
      afterPosition: 0,
      limit: 10,
    });
    await replication.receive({ events, chain: null });
    const heirs: string[] = [];
    const process = () => runnerOn(store, 10, async (nodeId) => heirs.includes(nodeId));
    const [first, second] = [process(), process()];
    const raise = (runner: CommandRunner, who: string) => runner.run(tally, id, { kind: 'raise', who }, meta);
    await expect(raise(first, 'early')).rejects.toThrow('is written by node park');
    heirs.push('park');
    expect(await raise(first, 'first')).toMatchObject({ ok: true, value: { state: { who: ['park', 'first'] } } });
    expect(await raise(second, 'second')).toMatchObject({ ok: true });
    expect(await raise(first, 'third')).toMatchObject({
      ok: true,
      value: { state: { who: ['park', 'first', 'second', 'third'] } },
    });
  });
});

describe('a command told twice', () => {
  const commandId = systemIds.next();

  test('has its effect once and answers the first events', async () => {
    const store = newStore();
    const id = systemIds.next();
    const tell = (runner: CommandRunner, who: string) =>
      runner.run(tally, id, { kind: 'raise', who }, { ...meta, commandId });
    const runner = runnerOn(store);
    await tell(runner, 'first');
    await runner.run(tally, id, { kind: 'raise', who: 'other' }, meta);
    for (const asked of [runner, runnerOn(store)]) {
      const again = await tell(asked, 'second');
      expect(again).toMatchObject({
        ok: true,
        value: {
          replayed: true,
          lastPosition: 1,
          events: [{ type: 'TallyRaised', data: { who: 'first' } }],
          state: { who: ['first', 'other'] },
        },
      });
    }
    expect(await store.headPosition()).toBe(2);
  });

  test('answers the first events also when it would be refused or change nothing now', async () => {
    const store = newStore();
    const runner = runnerOn(store);
    const id = systemIds.next();
    const raise = { kind: 'raise', most: 1 } as const;
    await runner.run(tally, id, raise, { ...meta, commandId });
    expect(await runner.run(tally, id, raise, { ...meta, commandId })).toMatchObject({
      ok: true,
      value: { replayed: true },
    });
    expect(await runner.run(tally, id, raise, { ...meta, commandId: systemIds.next() })).toMatchObject({ ok: false });
    const close = { ...meta, commandId: systemIds.next() };
    await runner.run(tally, id, { kind: 'close' }, close);
    const again = await runner.run(tally, id, { kind: 'close' }, close);
    expect(again).toMatchObject({
      ok: true,
      value: { replayed: true, events: [{ type: 'TallyClosed' }], lastPosition: 2 },
    });
  });

  test('at the same time has its effect once', async () => {
    const store = newStore();
    const runners = [runnerOn(store), runnerOn(store)];
    const id = systemIds.next();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (runners[index % 2] ?? runnerOn(store)).run(tally, id, { kind: 'raise', most: 1 }, { ...meta, commandId }),
      ),
    );
    expect(await store.headPosition()).toBe(1);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1);
  });
});
