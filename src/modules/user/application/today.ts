import { PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';

/** Ages are counted by the date where the parks are. */
export const todayAtParks = (clock: Clock, zone: Zone): LocalDate => zone.dateAt(clock.now(), PARKS_TIME_ZONE);
