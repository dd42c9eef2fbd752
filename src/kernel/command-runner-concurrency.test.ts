import { describe, expect, test } from 'vitest';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { BrokenInvariant } from './assert.ts';
import { createCommandRunner } from './command-runner.ts';
import { StoreUnavailable, type Append, type AppendOutcome, type EventStore } from './event-store.ts';
import { meta, methodsOf, newStore, NOON_MS, runnerOn, slow, turns } from './runner-fixtures.suite.ts';
import { tally, tallyCodec, tallyOn } from './tally.suite.ts';

describe('many commands on one stream at once', () => {
  test('all succeed, decided on each other’s pending events, with hardly a conflict', async () => {
    const { store, seen, open, gates } = slow(newStore());
    const runner = runnerOn(store);
    const id = systemIds.next();
    const callers = Array.from({ length: 32 }, (_, who) =>
      runner.run(tally, id, { kind: 'raise', who: String(who) }, meta),
    );
    await turns();
    expect(gates).toHaveLength(32);
    open(32);
    const answers = await Promise.all(callers);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(seen).toMatchObject({ appends: 32, conflicts: 0 });
    const { state, version } = await runner.stateOf(tally, id);
    expect([state.total, version]).toEqual([32, 32]);
  });

  test('keep their order although one takes longer to be written down', async () => {
    const inner = newStore();
    const seen = { conflicts: 0 };
    const store = {
      ...methodsOf(inner),
      append: async (append: Append): Promise<AppendOutcome> => {
        const answer = await inner.append(append);
        if (answer.outcome === 'version_conflict') seen.conflicts += 1;
        return answer;
      },
    };
    const codec = {
      ...tallyCodec,
      encode: async (event: Parameters<typeof tallyCodec.encode>[0]) => {
        const isSlow = 'who' in event.data && event.data.who === 'slow';
        await turns(isSlow ? 20 : 1);
        return tallyCodec.encode(event);
      },
    };
    const runner = createCommandRunner({ store, codec, ids: systemIds, clock: createManualClock(NOON_MS) });
    const id = systemIds.next();
    const names = ['a', 'slow', 'b', 'slow', 'c'];
    await Promise.all(names.map((who) => runner.run(tally, id, { kind: 'raise', who }, meta, { isNew: true })));
    expect((await runner.stateOf(tally, id)).state.who).toEqual(names);
    expect(seen.conflicts).toBe(0);
  });

  test('roll back what was decided on a refused one, and decide it again', async () => {
    const inner = newStore();
    const { store, open, seen } = slow(inner);
    const runner = runnerOn(store);
    const id = systemIds.next();
    const refused = runner.run(tallyOn('places'), id, { kind: 'raise', by: 7, who: 'refused' }, meta, { isNew: true });
    const behind = ['b', 'c'].map((who) => runner.run(tally, id, { kind: 'raise', who, most: 8 }, meta));
    await turns();
    open(3);
    await turns();
    // The third was refused on a total that never was, so it has not been sent at all.
    expect(seen).toMatchObject({ appends: 4, conflicts: 1 });
    open(2);
    expect(await refused).toMatchObject({ refusal: { code: 'insufficient' } });
    expect(await Promise.all(behind)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(new Set((await inner.load(id)).events.map(({ data }) => data['who']))).toEqual(new Set(['b', 'c']));
  });

  test('roll back what was decided on one that could not be written down', async () => {
    const inner = newStore();
    const { store, open, gates } = slow(inner);
    const runner = runnerOn(store);
    const id = systemIds.next();
    const bug = runner.run(tally, id, { kind: 'raise', by: 0.5 }, meta, { isNew: true });
    const behind = runner.run(tally, id, { kind: 'raise', who: 'b' }, meta);
    await expect(bug).rejects.toThrow(BrokenInvariant);
    await turns();
    expect(gates).toHaveLength(1);
    open();
    expect(await behind).toMatchObject({ ok: true, value: { state: { total: 1 } } });
  });

  test('an answer that changes nothing waits until what it rests on is stored', async () => {
    const { store, open } = slow(newStore());
    const runner = runnerOn(store);
    const id = systemIds.next();
    const answered: string[] = [];
    const closing = runner.run(tally, id, { kind: 'close' }, meta, { isNew: true }).then(() => answered.push('closed'));
    const again = runner.run(tally, id, { kind: 'close' }, meta).then(() => answered.push('closed again'));
    const late = runner.run(tally, id, { kind: 'raise' }, meta).then(({ ok }) => answered.push(`raised ${ok}`));
    await turns();
    expect(answered).toEqual([]);
    open();
    await Promise.all([closing, again, late]);
    expect(answered.toSorted()).toEqual(['closed', 'closed again', 'raised false']);
  });

  test('an answer that changes nothing is not starved by those that do', async () => {
    const { store, open, gates } = slow(newStore());
    const runner = runnerOn(store);
    const id = systemIds.next();
    const busy = Array.from({ length: 100 }, () => runner.run(tally, id, { kind: 'raise' }, meta));
    await turns();
    const refused = runner.run(tally, id, { kind: 'raise', most: 0 }, meta);
    const more = Array.from({ length: 100 }, () => runner.run(tally, id, { kind: 'raise' }, meta));
    await turns();
    open(gates.length - 100);
    expect(await refused).toEqual({ ok: false, refusal: { code: 'too_many', total: 100 } });
    open(200);
    await Promise.all([...busy, ...more]);
  });
});

describe('two programs on one log', () => {
  test('a stale state gives no wrong refusal and no wrong nothing', async () => {
    const store = newStore();
    const [here, there] = [runnerOn(store), runnerOn(store)];
    const id = systemIds.next();
    await here.run(tally, id, { kind: 'raise', by: 3 }, meta);
    await there.run(tally, id, { kind: 'close' }, meta);
    expect(await here.run(tally, id, { kind: 'raise' }, meta)).toEqual({ ok: false, refusal: { code: 'closed' } });
    const other = systemIds.next();
    await here.run(tally, other, { kind: 'raise', by: 3 }, meta);
    await there.run(tally, other, { kind: 'raise', by: 1 }, meta);
    expect(await here.run(tally, other, { kind: 'raise', by: 9, most: 9 }, meta)).toMatchObject({
      refusal: { total: 4 },
    });
    expect(await here.run(tally, other, { kind: 'raise' }, meta)).toMatchObject({ value: { state: { total: 5 } } });
  });

  test('racing on one stream lose nothing', async () => {
    const store = newStore();
    const runners = [runnerOn(store), runnerOn(store)];
    const id = systemIds.next();
    const raise = (index: number) =>
      (runners[index % 2] ?? runnerOn(store)).run(tally, id, { kind: 'raise', most: 60 }, meta);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => raise(index)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(60);
    expect((await runnerOn(store).stateOf(tally, id)).state.total).toBe(60);
  });

  test('a command that loses again and again gives up as unavailable', async () => {
    const inner = newStore();
    let tries = 0;
    const store: EventStore = {
      ...methodsOf(inner),
      append: async (append) => {
        tries += 1;
        return { outcome: 'version_conflict', streamId: append.streams[0]?.streamId ?? '', actualVersion: 1 };
      },
    };
    await expect(runnerOn(store).run(tally, systemIds.next(), { kind: 'raise' }, meta)).rejects.toThrow(
      StoreUnavailable,
    );
    expect(tries).toBe(100);
  });
});

describe('the kept states', () => {
  test('spare the loading of a stream that was used lately, and are as few as asked for', async () => {
    const { store, seen, open } = slow(newStore());
    const runner = runnerOn(store, 2);
    const ids = [systemIds.next(), systemIds.next(), systemIds.next()];
    const raise = async (index: number): Promise<void> => {
      const done = runner.run(tally, ids[index] ?? '', { kind: 'raise' }, meta);
      await turns(5);
      open();
      expect(await done).toMatchObject({ ok: true });
    };
    for (const index of [0, 1, 0, 1]) await raise(index);
    expect(seen.loads).toBe(2);
    await raise(2);
    expect(seen.loads).toBe(3);
    await raise(1);
    expect(seen.loads).toBe(3);
    await raise(0);
    expect(seen.loads).toBe(4);
    expect((await runner.stateOf(tally, ids[0] ?? '')).state.total).toBe(3);
  });
});
