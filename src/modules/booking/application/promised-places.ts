import type { LocalDate } from '../../../kernel/time.ts';
import type { FreePlaces } from './ports.ts';
import type { SmallestWaiting } from './waiting-days.ts';

/**
 * Whether somebody waits for a day who would fit into what is free: it is theirs then, and nobody else is sold a place.
 * @param dayQuota what is free on a day that nobody has bought for
 */
export type IsPromised = (parkId: string, date: LocalDate, dayQuota: number) => Promise<boolean>;

type Dependencies = { readonly smallestWaiting: SmallestWaiting; readonly freePlaces: FreePlaces };

export const createIsPromised =
  ({ smallestWaiting, freePlaces }: Dependencies): IsPromised =>
  async (parkId, date, dayQuota) => {
    const smallest = await smallestWaiting(parkId, date);
    return smallest !== null && smallest <= ((await freePlaces(parkId, date)) ?? dayQuota);
  };
