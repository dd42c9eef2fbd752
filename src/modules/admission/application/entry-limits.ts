import { assert } from '../../../kernel/assert.ts';
import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { entryLimit, type GateDay } from '../domain/entry-limit.ts';
import type { GateRules } from './ports.ts';

/** The stream of the limit of a day at the gates. */
export const entryLimitStreamId = (ids: Ids, { parkId, visitDate }: GateDay): string =>
  ids.derive(`gate-day:${parkId}/${visitDate}`);

/**
 * Gives a day the limit that its park has now.
 * @param capacity as read for the scan at hand
 */
export type FollowCapacity = (day: GateDay, capacity: number, correlationId: string) => Promise<void>;

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids; readonly gateRules: GateRules };

export function createFollowCapacity({ runner, ids, gateRules }: Dependencies): FollowCapacity {
  // What this process has seen the limit of a day to be, so that a scan asks the log only after a change.
  const followed = new Map<string, { readonly capacity: number; readonly done: Promise<void> }>();

  /** What was read may be old by the time it is written, so it is read again until the day has it. */
  async function follow({ parkId, visitDate }: GateDay, streamId: string, correlationId: string): Promise<void> {
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
    const streamId = entryLimitStreamId(ids, day);
    const known = followed.get(streamId);
    if (known?.capacity === capacity) return known.done;
    const done = follow(day, streamId, correlationId).catch((error: unknown) => {
      followed.delete(streamId);
      throw error;
    });
    followed.set(streamId, { capacity, done });
    return done;
  };
}
