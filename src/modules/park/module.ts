import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createAvailability } from './application/availability.ts';
import { createOpenPark, type OpenPark } from './application/open-park.ts';
import type { LiveOccupancy, ParkCatalogue, PlacesOfDays } from './application/park-catalogue.ts';
import { createFindParkDay, type FindParkDay } from './application/park-day.ts';
import { availabilityRoute } from './http/availability.ts';
import { getParkRoute } from './http/get-park.ts';
import { listParksRoute } from './http/list-parks.ts';
import { parkEvents } from './persistence/events.ts';
import { createParkCatalogue, parksProjection } from './persistence/parks.ts';

export type ParkModule = Module & {
  readonly openPark: OpenPark;
  readonly findDay: FindParkDay;
  readonly catalogue: ParkCatalogue;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly occupancy: LiveOccupancy;
  readonly placesOfDays: PlacesOfDays;
};

export const parkManifest: Manifest = {
  name: 'park',
  events: parkEvents,
  projections: [parksProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** Parks: what the chain offers, where and when. */
export function createParkModule(dependencies: Dependencies): ParkModule {
  const { database, occupancy } = dependencies;
  const catalogue = createParkCatalogue(database);
  const findDay = createFindParkDay(catalogue);
  const availability = createAvailability({ ...dependencies, catalogue, findDay });
  return {
    ...parkManifest,
    routes: [listParksRoute(catalogue, occupancy), getParkRoute(catalogue, occupancy), availabilityRoute(availability)],
    openPark: createOpenPark(dependencies),
    findDay,
    catalogue,
  };
}
