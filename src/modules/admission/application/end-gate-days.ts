import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { addDays, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { gateDayEnd } from '../domain/gate-day-end.ts';
import type { GateDayStreams } from './gate-day-streams.ts';
import type { ClosingOf, HomeOf, HomesOf } from './ports.ts';

/** Writes the end of every day of this node's own gates that is over, however long it was off; answers how many it wrote. */
export type EndGateDays = (meta: CommandMeta) => Promise<number>;
/** Whether the gates of a day have said that it is over. */
export type IsGateDayEnded = (parkId: string, date: LocalDate) => Promise<boolean>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly gateDayStreams: GateDayStreams;
  readonly homeOf: HomeOf;
  readonly homesOf: HomesOf;
  readonly parkIds: () => Promise<readonly string[]>;
  readonly closingOf: ClosingOf;
};

export const createIsGateDayEnded =
  ({ runner, homeOf, gateDayStreams }: Pick<Dependencies, 'runner' | 'homeOf' | 'gateDayStreams'>): IsGateDayEnded =>
  async (parkId, date) => {
    const streamId = await gateDayStreams.endOf(parkId, date, await homeOf(parkId, date));
    return (await runner.stateOf(gateDayEnd, streamId)).state.endedAtMs !== null;
  };

export function createEndGateDays(dependencies: Dependencies): EndGateDays {
  const { runner, clock, zone, nodeId, gateDayStreams, homeOf, homesOf, parkIds, closingOf } = dependencies;
  const isEnded = createIsGateDayEnded(dependencies);

  /** Of each park, the first day that may still have to end: a day that has ended has ended for good. */
  const firstOpen = new Map<string, LocalDate>();
  let latest: LocalDate = '';

  async function endDay(
    parkId: string,
    date: LocalDate,
    nowMs: number,
    meta: CommandMeta,
  ): Promise<'open' | 'done' | 'ended'> {
    if ((await homeOf(parkId, date)) !== nodeId || (await isEnded(parkId, date))) return 'done';
    const closingMs = await closingOf(parkId, date);
    if (closingMs === null || nowMs <= closingMs) return 'open';
    const data = { parkId, date, endedAtMs: nowMs };
    const done = await runner.run(gateDayEnd, await gateDayStreams.endOf(parkId, date, nodeId), data, {
      ...meta,
      parkId,
    });
    assert(done.ok, 'a day can always end');
    return done.value.events.length > 0 ? 'ended' : 'done';
  }

  async function endDays(parkId: string, nowMs: number, meta: CommandMeta): Promise<number> {
    const today = zone.dateAt(nowMs, PARKS_TIME_ZONE);
    const home = (await homesOf(parkId)).find((one) => one.nodeId === nodeId);
    if (home === undefined) return 0;
    let ended = 0;
    let allDone = true;
    for (let date = firstOpen.get(parkId) ?? home.fromDate; date <= today; date = addDays(date, 1)) {
      const became = await endDay(parkId, date, nowMs, meta);
      if (became === 'ended') ended += 1;
      allDone &&= became !== 'open';
      // Whose today is, may still change.
      if (allDone && date < today) firstOpen.set(parkId, addDays(date, 1));
    }
    return ended;
  }

  return async (meta) => {
    const nowMs = clock.now();
    const today = zone.dateAt(nowMs, PARKS_TIME_ZONE);
    // The clock was ahead: days that ended by it may have been reopened.
    if (today < latest) firstOpen.clear();
    latest = today;
    let ended = 0;
    for (const parkId of await parkIds()) ended += await endDays(parkId, nowMs, meta);
    return ended;
  };
}
