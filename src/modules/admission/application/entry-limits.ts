import { assert } from '../../../kernel/assert.ts';
import type { CommandRunner } from '../../../kernel/command-runner.ts';
import { entryLimit, type GateDay } from '../domain/entry-limit.ts';
import type { GateDayStreams } from './gate-day-streams.ts';
import type { GateRules } from './ports.ts';

/**
 * Gives a day the limit that its park has now.
 * @param capacity as read for the scan at hand
 */
export type FollowCapacity = (day: GateDay, capacity: number, correlationId: string) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly nodeId: string;
  readonly gateDayStreams: GateDayStreams;
  readonly gateRules: GateRules;
};

export function createFollowCapacity({ runner, nodeId, gateDayStreams, gateRules }: Dependencies): FollowCapacity {
  // What this process has seen the limit of a day to be, so that a scan asks the log only after a change.
  const followed = new Map<string, { readonly capacity: number; readonly done: Promise<void> }>();

  /** What was read may be old by the time it is written, so it is read again until the day has it. */
  async function follow(day: GateDay, correlationId: string): Promise<void> {
    const { parkId, visitDate } = day;
    const streamId = await gateDayStreams.limitOf(day, nodeId);
    for (;;) {
      const { capacity: people } = await gateRules(parkId);
      const command = { parkId, visitDate, people };
      const meta = { actor: 'system', correlationId, parkId };
      const done = await runner.run(entryLimit, streamId, command, meta);
      assert(done.ok, 'the limit of a day can always be set');
      if (done.value.events.length === 0) return;
    }
  }

  return (day, capacity, correlationId) => {
    const name = `${day.parkId}/${day.visitDate}`;
    const known = followed.get(name);
    if (known?.capacity === capacity) return known.done;
    const done = follow(day, correlationId).catch((error: unknown) => {
      followed.delete(name);
      throw error;
    });
    followed.set(name, { capacity, done });
    return done;
  };
}
