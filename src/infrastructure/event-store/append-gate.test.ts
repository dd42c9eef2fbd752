import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { meta, methodsOf, newStore, runnerOn, turns } from '../../kernel/runner-fixtures.suite.ts';
import { step } from '../../kernel/step.ts';
import { tally } from '../../kernel/tally.suite.ts';
import type { Append, AppendOutcome } from '../../kernel/event-store.ts';
import { newId } from './appends.suite.ts';
import { createAppendGate } from './append-gate.ts';
import type { PostgresEventStore } from './postgres-store.ts';

const named = (name: string) => ({ streams: [], context: { actor: name } }) as unknown as Append;

/** A store that notes what begins and ends, and ends what it is told to. */
function openToy() {
  const seen: string[] = [];
  const ends = new Map<string, () => void>();
  const append = async (wanted: Append): Promise<AppendOutcome> => {
    const name = wanted.context.actor;
    seen.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    seen.push(`${name} ended`);
    return { outcome: 'stored' } as AppendOutcome;
  };
  const gate = createAppendGate({ append } as unknown as PostgresEventStore);
  return { seen, gate, end: async (name: string) => (ends.get(name)?.(), turn()) };
}

test('what is done alone comes after all that was begun and before all that was not, in the order in which it was asked', async () => {
  const { seen, gate, end } = openToy();
  const before = gate.store.append(named('before'));
  const work = gate.alone(async () => {
    seen.push('alone');
    await gate.store.append(named('inside'));
  });
  const after = [gate.store.append(named('after')), gate.store.append(named('last'))];
  await turn();
  expect(seen).toEqual(['before']);
  await end('before');
  expect(seen).toEqual(['before', 'before ended', 'alone', 'inside']);
  await end('inside');
  await Promise.all([before, work]);
  await turn();
  expect(seen.slice(4)).toEqual(['inside ended', 'after', 'last']);
  await end('after');
  await end('last');
  await Promise.all(after);
});

test('work that fails holds nothing back any longer, and two works do not meet', async () => {
  const { seen, gate, end } = openToy();
  const failing = gate.alone(async () => {
    await turn();
    seen.push('first');
    throw new Error('as it happens');
  });
  const second = gate.alone(async () => void seen.push('second'));
  await expect(failing).rejects.toThrow('as it happens');
  await second;
  const append = gate.store.append(named('append'));
  await turn();
  await end('append');
  await append;
  expect(seen).toEqual(['first', 'second', 'append', 'append ended']);
});

test('work that looks at a stream whose append is held back does not wait for it, and moves it: that append is decided anew', async () => {
  const gate = createAppendGate(methodsOf(newStore()) as PostgresEventStore);
  const runner = gate.runner(() => runnerOn(gate.store));
  const [looked, moved] = [newId(), newId()];
  await runner.run(tally, looked, { kind: 'raise' }, meta);
  await runner.run(tally, moved, { kind: 'raise' }, meta);
  let begin = (): void => undefined;
  const isHeld = new Promise<void>((resolve) => (begin = resolve));
  const answers: unknown[] = [];
  const work = gate.alone(async () => {
    await isHeld;
    // Decides nothing, is refused, and goes on: each on streams whose states others have run ahead of.
    answers.push(await runner.run(tally, looked, { kind: 'raise', most: 1 }, meta));
    answers.push(await runner.runAll([step(tally, moved, { kind: 'raise' })], meta));
    answers.push(
      await runner.run(tally, moved, { kind: 'close' }, meta),
      await runner.run(tally, moved, { kind: 'close' }, meta),
    );
  });
  const held = [looked, moved].map((id) => runner.run(tally, id, { kind: 'raise' }, meta));
  await turns();
  begin();
  await work;
  expect(answers).toMatchObject([
    { ok: false, refusal: { code: 'too_many', total: 1 } },
    { ok: true },
    { ok: true },
    { ok: true },
  ]);
  expect(await Promise.all(held)).toMatchObject([{ ok: true }, { ok: false, refusal: { code: 'closed' } }]);
  expect((await runner.stateOf(tally, looked)).state.total).toBe(2);
});
