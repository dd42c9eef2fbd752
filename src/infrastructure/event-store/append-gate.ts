import { AsyncLocalStorage } from 'node:async_hooks';
import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Append, AppendOutcome } from '../../kernel/event-store.ts';
import type { PostgresEventStore } from './postgres-store.ts';

export type AppendGate = {
  readonly store: PostgresEventStore;
  /** Waits for appends under way and holds all others back while the work is done; what the work itself appends passes. */
  alone<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  /**
   * A runner of commands on this store, for everybody: `make` is called twice. What is done alone has a runner of its own, as
   * another process would, since the states that all others share may count on appends that are held back.
   */
  runner(make: () => CommandRunner): CommandRunner;
};

/** A store whose appends can be held back, so that something is the first thing that is written. Of this process only. */
export function createAppendGate(store: PostgresEventStore): AppendGate {
  const inside = new AsyncLocalStorage<true>();
  const underWay = new Set<Promise<unknown>>();
  let held: Promise<void> | null = null;

  function pass(wanted: Append): Promise<AppendOutcome> {
    const answer = store.append(wanted);
    const done = answer.then(
      () => undefined,
      () => undefined,
    );
    underWay.add(done);
    void done.then(() => underWay.delete(done));
    return answer;
  }

  const append = (wanted: Append): Promise<AppendOutcome> =>
    held === null || inside.getStore() === true ? pass(wanted) : held.then(() => append(wanted));

  return {
    store: { ...store, append },
    async alone(work) {
      while (held !== null) await held;
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      try {
        await Promise.all(underWay);
        return await inside.run(true, work);
      } finally {
        // As long as it may be asked where a step belongs, every promise of the process is written down: six times as dear.
        inside.disable();
        held = null;
        release();
      }
    },
    runner(make) {
      const forAll = make();
      const forWork = make();
      const here = (): CommandRunner => (inside.getStore() === true ? forWork : forAll);
      return {
        run: (decider, streamId, command, meta, options) => here().run(decider, streamId, command, meta, options),
        runAll: (steps, meta, options) => here().runAll(steps, meta, options),
        stateOf: (decider, streamId, besides) => here().stateOf(decider, streamId, besides),
      };
    },
  };
}
