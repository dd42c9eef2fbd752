import type { Clock, Zone } from '../../../kernel/time.ts';
import type { Admissions, GateRules } from './ports.ts';

/** People inside each park now, in the order asked: those of today's tickets who came in and did not go out. */
export type Occupancy = (parkIds: readonly string[]) => Promise<readonly number[]>;

type Dependencies = {
  readonly admissions: Pick<Admissions, 'inside'>;
  readonly gateRules: GateRules;
  readonly clock: Clock;
  readonly zone: Zone;
};

export function createOccupancy({ admissions, gateRules, clock, zone }: Dependencies): Occupancy {
  return async (parkIds) => {
    const nowMs = clock.now();
    const days = parkIds.map(async (parkId) => {
      const { timeZone } = await gateRules(parkId);
      return { parkId, date: zone.dateAt(nowMs, timeZone) };
    });
    return admissions.inside(await Promise.all(days));
  };
}
