import type { Clock, Zone } from '../../../kernel/time.ts';
import type { GateRules, HomeOf, PeopleInside } from './ports.ts';

/**
 * People inside each park now, in the order asked: those of today's tickets who came in and did not go out. Of gates of this
 * node it reads the counters on which they decide, in one statement; of others what their node has told.
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
  return async (parkIds) => {
    const nowMs = clock.now();
    const days = await Promise.all(
      parkIds.map(async (parkId) => {
        const { timeZone } = await gateRules(parkId);
        const visitDate = zone.dateAt(nowMs, timeZone);
        return { parkId, visitDate, isHere: (await homeOf(parkId, visitDate)) === nodeId };
      }),
    );
    const elsewhere = days.filter(({ isHere }) => !isHere);
    const [counted, told] = await Promise.all([
      peopleInside(days),
      elsewhere.length === 0 ? [] : toldInside(elsewhere),
    ]);
    const toldOf = new Map(elsewhere.map(({ parkId }, index) => [parkId, told[index] ?? 0]));
    return days.map(({ parkId }, index) => toldOf.get(parkId) ?? counted[index] ?? 0);
  };
}
