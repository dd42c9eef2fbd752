import { createParkModule, type ParkModule } from '../../modules/park/module.ts';
import type { Wiring } from './tools.ts';

const META = { actor: 'flow:follow-quota', correlationId: 'follow-quota' } as const;

export const wirePark = ({ tools, all }: Wiring): ParkModule =>
  createParkModule({
    ...tools,
    occupancy: (parkIds) => all().admission.occupancy(parkIds),
    placesOfDays: (parkId, dates) => all().booking.placesOfDays(parkId, dates),
    async followQuota(parkId, dates) {
      const { booking } = all();
      for (const date of dates) await booking.followQuota(parkId, date, META);
    },
  });
