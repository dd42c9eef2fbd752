import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { gateDayEnd } from '../domain/gate-day-end.ts';
import type { ClosingOf, HomeOf } from './ports.ts';

/** A node that was off for longer ends older days no more; nothing waits for them but what their tickets become. */
const DAYS_BACK = 31;

/** Writes the end of every day of this node's own gates that is over; answers how many it wrote. */
export type EndGateDays = (meta: CommandMeta) => Promise<number>;
/** Whether the gates of a day have said that it is over. */
export type IsGateDayEnded = (parkId: string, date: LocalDate) => Promise<boolean>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly homeOf: HomeOf;
  readonly parkIds: () => Promise<readonly string[]>;
  readonly closingOf: ClosingOf;
};

const streamOf = (ids: Ids, parkId: string, date: LocalDate): string => ids.derive(`gate-day-end:${parkId}/${date}`);

export const createIsGateDayEnded =
  ({ runner, ids }: Pick<Dependencies, 'runner' | 'ids'>): IsGateDayEnded =>
  async (parkId, date) =>
    (await runner.stateOf(gateDayEnd, streamOf(ids, parkId, date))).state.ended;

export function createEndGateDays(dependencies: Dependencies): EndGateDays {
  const { runner, ids, clock, zone, nodeId, homeOf, parkIds, closingOf } = dependencies;
  const isEnded = createIsGateDayEnded(dependencies);

  async function endDay(parkId: string, date: LocalDate, meta: CommandMeta): Promise<boolean> {
    if ((await homeOf(parkId, date)) !== nodeId || (await isEnded(parkId, date))) return false;
    const closingMs = await closingOf(parkId, date);
    if (closingMs === null || clock.now() <= closingMs) return false;
    const data = { parkId, date, endedAtMs: clock.now() };
    const done = await runner.run(gateDayEnd, streamOf(ids, parkId, date), data, { ...meta, parkId });
    assert(done.ok, 'a day can always end');
    return done.value.events.length > 0;
  }

  return async (meta) => {
    const today = zone.dateAt(clock.now(), PARKS_TIME_ZONE);
    let ended = 0;
    for (const parkId of await parkIds()) {
      for (let back = DAYS_BACK; back >= 0; back -= 1) {
        if (await endDay(parkId, addDays(today, -back), meta)) ended += 1;
      }
    }
    return ended;
  };
}
