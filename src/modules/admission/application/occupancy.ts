import type { Clock, Zone } from '../../../kernel/time.ts';
import type { GateRules, PeopleInside } from './ports.ts';

/**
 * People inside each park now, in the order asked: those of today's tickets who came in and did not go out. Reads the counters
 * on which gates decide, one look-up a park in one statement.
 */
export type Occupancy = (parkIds: readonly string[]) => Promise<readonly number[]>;

type Dependencies = {
  readonly peopleInside: PeopleInside;
  readonly gateRules: GateRules;
  readonly clock: Clock;
  readonly zone: Zone;
};

export function createOccupancy({ peopleInside, gateRules, clock, zone }: Dependencies): Occupancy {
  return async (parkIds) => {
    const nowMs = clock.now();
    const days = parkIds.map(async (parkId) => {
      const { timeZone } = await gateRules(parkId);
      return { parkId, visitDate: zone.dateAt(nowMs, timeZone) };
    });
    return peopleInside(await Promise.all(days));
  };
}
