import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { gateDayEnd } from '../domain/gate-day-end.ts';
import type { ClosingOf, HomeOf, HomesOf } from './ports.ts';

/** Writes the end of every day of this node's own gates that is over, however long it was off; answers how many it wrote. */
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
  readonly homesOf: HomesOf;
  readonly parkIds: () => Promise<readonly string[]>;
  readonly closingOf: ClosingOf;
};

/** The stream on which the gates of a day say that it is over; every entry looks at it. */
export const gateDayStreamId = (ids: Ids, parkId: string, date: LocalDate): string =>
  ids.derive(`gate-day-end:${parkId}/${date}`);

export const createIsGateDayEnded =
  ({ runner, ids }: Pick<Dependencies, 'runner' | 'ids'>): IsGateDayEnded =>
  async (parkId, date) =>
    (await runner.stateOf(gateDayEnd, gateDayStreamId(ids, parkId, date))).state.ended;

export function createEndGateDays(dependencies: Dependencies): EndGateDays {
  const { runner, ids, clock, zone, nodeId, homeOf, homesOf, parkIds, closingOf } = dependencies;
  const isEnded = createIsGateDayEnded(dependencies);

  /** Of each park, the first day that may still have to end: a day that has ended has ended for good. */
  const firstOpen = new Map<string, LocalDate>();

  async function endDay(parkId: string, date: LocalDate, meta: CommandMeta): Promise<'open' | 'done' | 'ended'> {
    if ((await homeOf(parkId, date)) !== nodeId || (await isEnded(parkId, date))) return 'done';
    const closingMs = await closingOf(parkId, date);
    if (closingMs === null || clock.now() <= closingMs) return 'open';
    const data = { parkId, date, endedAtMs: clock.now() };
    const done = await runner.run(gateDayEnd, gateDayStreamId(ids, parkId, date), data, { ...meta, parkId });
    assert(done.ok, 'a day can always end');
    return done.value.events.length > 0 ? 'ended' : 'done';
  }

  async function endDays(parkId: string, today: LocalDate, meta: CommandMeta): Promise<number> {
    const home = (await homesOf(parkId)).find((one) => one.nodeId === nodeId);
    if (home === undefined) return 0;
    let ended = 0;
    let allDone = true;
    for (let date = firstOpen.get(parkId) ?? home.fromDate; date <= today; date = addDays(date, 1)) {
      const became = await endDay(parkId, date, meta);
      if (became === 'ended') ended += 1;
      allDone &&= became !== 'open';
      // Whose today is, may still change.
      if (allDone && date < today) firstOpen.set(parkId, addDays(date, 1));
    }
    return ended;
  }

  return async (meta) => {
    const today = zone.dateAt(clock.now(), PARKS_TIME_ZONE);
    let ended = 0;
    for (const parkId of await parkIds()) ended += await endDays(parkId, today, meta);
    return ended;
  };
}
