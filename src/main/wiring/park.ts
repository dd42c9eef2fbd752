import { createParkModule, type ParkModule } from '../../modules/park/module.ts';
import { placesTopic } from '../../modules/booking/persistence/events.ts';
import { nodeHomes } from './node-homes.ts';
import type { Wiring } from './tools.ts';

const META = { actor: 'flow:follow-quota', correlationId: 'follow-quota' } as const;

export const wirePark = ({ tools, all }: Wiring): ParkModule =>
  createParkModule({
    ...tools,
    gateLag: (parkId) => nodeHomes({ tools, all }).gateLag(parkId),
    occupancy: (parkIds) => all().admission.occupancy(parkIds),
    // A hold that runs out is no event, so the second is part of the question.
    placesOfDays: (parkId, dates) =>
      tools.cache.through(
        placesTopic,
        parkId,
        `${dates[0] ?? ''} ${dates.length} ${Math.floor(tools.clock.now() / 1000)}`,
        () => all().booking.placesOfDays(parkId, dates),
      ),
    followQuota: (parkId, dates) => all().booking.followQuotas(parkId, dates, META),
  });
