import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Append, AppendOutcome } from '../../kernel/event-store.ts';
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
