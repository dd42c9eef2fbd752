import { createParkModule, type ParkModule } from '../../modules/park/module.ts';
import type { Wiring } from './tools.ts';

export const wirePark = ({ tools, all }: Wiring): ParkModule =>
  createParkModule({
    ...tools,
    occupancy: (parkIds) => all().admission.occupancy(parkIds),
    placesOfDays: (parkId, dates) => all().booking.placesOfDays(parkId, dates),
  });
