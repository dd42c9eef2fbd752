import { addDays, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { MOST_DAYS } from './availability.ts';
import type { ParkCatalogue } from './park-catalogue.ts';

/** Today in a park and as far ahead as it sells; none when there is no such park. */
export type DatesOnSale = (parkId: string) => Promise<readonly LocalDate[]>;

type Dependencies = { readonly catalogue: Pick<ParkCatalogue, 'find'>; readonly clock: Clock; readonly zone: Zone };

export const createDatesOnSale =
  ({ catalogue, clock, zone }: Dependencies): DatesOnSale =>
  async (parkId) => {
    const card = await catalogue.find(parkId);
    if (card === null) return [];
    const today = zone.dateAt(clock.now(), card.timeZone);
    return Array.from({ length: MOST_DAYS }, (_, index) => addDays(today, index));
  };
