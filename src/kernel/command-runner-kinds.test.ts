import { expect, test } from 'vitest';
import { createMemoryEventStore } from '../infrastructure/event-store/memory-store.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { systemIds } from '../infrastructure/ids.ts';
import type { Decider } from './decider.ts';
import { ok, refuse } from './result.ts';
import { meta, newStore, NOON_MS, runnerOn } from './runner-fixtures.suite.ts';
import { tally } from './tally.suite.ts';

type Lamp = { readonly isThere: boolean; readonly isLit: boolean };
type LampEvent = { readonly type: 'TallyClosed'; readonly data: Record<never, never> };

/** Another kind of thing: it is only ever switched off, and what is not there cannot be. */
const lamp: Decider<'switch off' | 'make', Lamp, LampEvent, { readonly code: 'no_lamp' }> = {
  aggregateType: 'Lamp',
  initial: { isThere: false, isLit: false },
  decide: (command, { isThere }) =>
    isThere || command === 'make' ? ok([{ type: 'TallyClosed', data: {} }]) : refuse({ code: 'no_lamp' }),
  evolve: () => ({ isThere: true, isLit: false }),
};

test('the id of another kind of thing is one of nothing', async () => {
  const store = newStore();
  const [runner, elsewhere] = [runnerOn(store), runnerOn(store)];
  const id = systemIds.next();
  await runner.run(tally, id, { kind: 'raise' }, meta);
  for (const somebody of [runner, elsewhere, runner]) {
    expect(await somebody.run(lamp, id, 'switch off', meta)).toEqual({ ok: false, refusal: { code: 'no_lamp' } });
    expect((await somebody.stateOf(lamp, id)).state).toEqual(lamp.initial);
  }
  expect(await store.headPosition()).toBe(1);
});

test('an id that nobody has is kept as nothing of each kind for itself', async () => {
  const store = createMemoryEventStore({ clock: createManualClock(NOON_MS) });
  const runner = runnerOn(store);
  const id = systemIds.next();
  expect(await runner.run(tally, id, { kind: 'raise', by: 5, most: 4 }, meta)).toMatchObject({ ok: false });
  expect(await runner.run(lamp, id, 'switch off', meta)).toEqual({ ok: false, refusal: { code: 'no_lamp' } });
  expect(await runner.run(tally, id, { kind: 'raise' }, meta)).toMatchObject({
    ok: true,
    value: { state: { total: 1 } },
  });
});

test('nothing is ever written to a stream of another kind of thing', async () => {
  const store = newStore();
  const id = systemIds.next();
  await runnerOn(store).run(tally, id, { kind: 'raise' }, meta);
  const runner = runnerOn(store);
  for (const isNew of [false, true]) {
    await expect(runner.run(lamp, id, 'make', meta, { isNew })).rejects.toThrow('of another kind of thing');
  }
  expect(await store.headPosition()).toBe(1);
  expect(await runner.run(tally, id, { kind: 'raise' }, meta)).toMatchObject({
    ok: true,
    value: { state: { total: 2 } },
  });
});
