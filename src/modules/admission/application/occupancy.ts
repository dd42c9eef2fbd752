import { GATES_OPEN_EARLY_MS, type Clock, type Zone } from '../../../kernel/time.ts';
import type { GateRules, HomeOf, PeopleInside } from './ports.ts';

/**
 * People inside each park now, in the order asked: those of today's tickets who came in and did not go out, and those of
 * tomorrow's while gates may be open for them already. Of gates of this node it reads the counters on which they decide, in one
 * statement; of others what their node has told.
 */
export type Occupancy = (parkIds: readonly string[]) => Promise<readonly number[]>;

type Dependencies = {
  readonly peopleInside: PeopleInside;
  /** By what was told of the tickets. */
  readonly toldInside: PeopleInside;
  readonly homeOf: HomeOf;
  readonly nodeId: string;
  readonly gateRules: GateRules;
  readonly clock: Clock;
  readonly zone: Zone;
};

export function createOccupancy(dependencies: Dependencies): Occupancy {
  const { peopleInside, toldInside, homeOf, nodeId, gateRules, clock, zone } = dependencies;
  /** The days whose tickets open the gates of a park: at midnight there may be two. */
  async function daysAtGates(parkId: string, nowMs: number) {
    const { timeZone } = await gateRules(parkId);
    const dates = new Set([nowMs, nowMs + GATES_OPEN_EARLY_MS].map((atMs) => zone.dateAt(atMs, timeZone)));
    return Promise.all(
      [...dates].map(async (visitDate) => ({
        parkId,
        visitDate,
        isHere: (await homeOf(parkId, visitDate)) === nodeId,
      })),
    );
  }

  return async (parkIds) => {
    const nowMs = clock.now();
    const days = (await Promise.all([...new Set(parkIds)].map((parkId) => daysAtGates(parkId, nowMs)))).flat();
    const elsewhere = days.filter(({ isHere }) => !isHere);
    const [counted, told] = await Promise.all([
      peopleInside(days),
      elsewhere.length === 0 ? [] : toldInside(elsewhere),
    ]);
    const toldOf = new Map(elsewhere.map((day, index) => [day, told[index] ?? 0]));
    const people = new Map<string, number>();
    for (const [index, day] of days.entries()) {
      const inside = toldOf.get(day) ?? counted[index] ?? 0;
      people.set(day.parkId, (people.get(day.parkId) ?? 0) + inside);
    }
    return parkIds.map((parkId) => people.get(parkId) ?? 0);
  };
}
