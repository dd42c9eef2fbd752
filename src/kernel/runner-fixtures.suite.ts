import { createManualClock } from '../infrastructure/clock.ts';
import { createMemoryEventStore } from '../infrastructure/event-store/memory-store.ts';
import { systemIds } from '../infrastructure/ids.ts';
import { createCommandRunner, type CommandRunner } from './command-runner.ts';
import type { EventStore } from './event-store.ts';
import type { IsHeirOf } from './stream-states.ts';
import { tallyCodec } from './tally.suite.ts';

export const meta = { actor: 'system', correlationId: 'test' };
export const NOON_MS = 1_763_899_200_000;

export const newStore = (): EventStore => createMemoryEventStore({ clock: createManualClock(NOON_MS) });

export const runnerOn = (store: EventStore, cachedStates?: number, isHeirOf?: IsHeirOf): CommandRunner =>
  createCommandRunner({
    store,
    codec: tallyCodec,
    ids: systemIds,
    clock: createManualClock(NOON_MS),
    ...(cachedStates === undefined ? {} : { cachedStates }),
    ...(isHeirOf === undefined ? {} : { isHeirOf }),
  });

/** A store that appends only when the test lets it, in the order of arrival, and counts what it was asked. */
export function slow(inner: EventStore) {
  const gates: (() => void)[] = [];
  const seen = { appends: 0, loads: 0, conflicts: 0 };
  let previous: Promise<unknown> = Promise.resolve();
  const store: EventStore = {
    ...methodsOf(inner),
    load: (streamId, afterVersion) => {
      seen.loads += 1;
      return inner.load(streamId, afterVersion);
    },
    append(append) {
      seen.appends += 1;
      const turn = new Promise<void>((resolve) => gates.push(resolve));
      const answer = Promise.all([previous, turn]).then(() => inner.append(append));
      previous = answer.catch(() => undefined);
      return answer.then((outcome) => {
        if (outcome.outcome === 'version_conflict') seen.conflicts += 1;
        return outcome;
      });
    },
  };
  return { store, seen, gates, open: (count = 1) => gates.splice(0, count).forEach((gate) => gate()) };
}

export const methodsOf = (store: EventStore): EventStore => ({
  nodeId: store.nodeId,
  append: (append) => store.append(append),
  load: (streamId, afterVersion) => store.load(streamId, afterVersion),
  read: (after, limit, types) => store.read(after, limit, types),
  headPosition: () => store.headPosition(),
  balances: (accounts) => store.balances(accounts),
  ownerOf: (scope, key) => store.ownerOf(scope, key),
  findCommand: (commandId) => store.findCommand(commandId),
});

export const turns = async (count = 30): Promise<void> => {
  for (let index = 0; index < count; index += 1) await new Promise((resolve) => setImmediate(resolve));
};
