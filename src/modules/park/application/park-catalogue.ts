import type { ParkProfile } from '../domain/park.ts';

/** A park as guests see it. */
export type ParkCard = Omit<ParkProfile, 'latitudeE7' | 'longitudeE7'> & {
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
};

/** Port: the parks of the chain. */
export type ParkCatalogue = {
  find(parkId: string): Promise<ParkCard | null>;
  /** All of them, by id; a chain has few. */
  all(): Promise<readonly ParkCard[]>;
};

/** Port: people inside now, in the order asked. */
export type LiveOccupancy = (parkIds: readonly string[]) => Promise<readonly number[]>;

/** Port: places that can still be sold on each date, and those sold beyond a lowered quota; null where nothing was sold yet. */
export type PlacesOfDays = (
  parkId: string,
  dates: readonly string[],
) => Promise<readonly ({ readonly free: number; readonly deficit: number } | null)[]>;
