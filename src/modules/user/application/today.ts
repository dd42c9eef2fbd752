import type { Clock, LocalDate, Zone } from '../../../kernel/time.ts';

/** Where the parks are; ages are counted by the date there. */
const TIME_ZONE = 'Asia/Bishkek';

export const todayAtParks = (clock: Clock, zone: Zone): LocalDate => zone.dateAt(clock.now(), TIME_ZONE);
