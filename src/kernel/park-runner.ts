import type { CommandMeta, CommandRunner } from './command-runner.ts';

/** At the node of a park, whatever a command does not place elsewhere is about that park. */
export function createParkRunner(runner: CommandRunner, parkId: string): CommandRunner {
  const here = (meta: CommandMeta): CommandMeta => ({ parkId, ...meta });
  return {
    run: (decider, streamId, command, meta, options) => runner.run(decider, streamId, command, here(meta), options),
    runAll: (steps, meta, options) => runner.runAll(steps, here(meta), options),
    stateOf: (decider, streamId, besides) => runner.stateOf(decider, streamId, besides),
  };
}
