import type { Clock } from '../../../kernel/time.ts';
import type { GateLag, LiveOccupancy, ParkCatalogue } from './park-catalogue.ts';

/** How full a park is. */
export type ParkOccupancy = {
  readonly people: number;
  readonly capacity: number;
  readonly asOfMs: number;
  readonly nodesBehind: number;
};

/** Null when there is no such park. */
export type ReadOccupancy = (parkId: string) => Promise<ParkOccupancy | null>;

/** Port: how full a park is, at once and whenever it changed, until `leaving` is aborted. */
export type WatchOccupancy = (parkId: string, leaving: AbortSignal) => AsyncIterable<ParkOccupancy | null>;

type Dependencies = {
  readonly catalogue: Pick<ParkCatalogue, 'find'>;
  readonly occupancy: LiveOccupancy;
  readonly gateLag: GateLag;
  readonly clock: Clock;
};

export const createReadOccupancy =
  ({ catalogue, occupancy, gateLag, clock }: Dependencies): ReadOccupancy =>
  async (parkId) => {
    const asOfMs = clock.now();
    const card = await catalogue.find(parkId);
    if (card === null) return null;
    const lag = await gateLag(parkId);
    const [people = 0] = await occupancy([parkId]);
    return { people, capacity: card.capacity, ...(lag ?? { asOfMs, nodesBehind: 0 }) };
  };

/** Whether nobody needs to be told: the time of reading alone is no news. */
export const isSameOccupancy = (one: ParkOccupancy | null, other: ParkOccupancy | null): boolean =>
  one?.people === other?.people && one?.capacity === other?.capacity && one?.nodesBehind === other?.nodesBehind;
