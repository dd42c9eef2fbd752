import type { LocalDate } from '../../../kernel/time.ts';
import type { ParkDay } from '../contract.ts';
import type { ParkCatalogue } from './park-catalogue.ts';

export type FindParkDay = (parkId: string, date: LocalDate) => Promise<ParkDay | null>;

/** What a park offers on a date; null when there is no such park. */
export function createFindParkDay(catalogue: ParkCatalogue): FindParkDay {
  return async (parkId, date) => {
    const card = await catalogue.find(parkId);
    if (card === null) return null;
    return {
      parkId,
      date,
      timeZone: card.timeZone,
      hours: { openTime: card.openTime, closeTime: card.closeTime },
      dayQuota: card.capacity,
      priceUnder3Tyiyn: card.priceUnder3Tyiyn,
      priceOver3Tyiyn: card.priceOver3Tyiyn,
      priceAdultTyiyn: card.priceAdultTyiyn,
      groupPercent: card.groupPercent,
    };
  };
}
