import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createAvailability } from './application/availability.ts';
import { createDatesOnSale, type DatesOnSale } from './application/dates-on-sale.ts';
import { createEditPark } from './application/edit-park.ts';
import { createOpenPark, type OpenPark } from './application/open-park.ts';
import type { FollowQuota, LiveOccupancy, ParkCatalogue, PlacesOfDays } from './application/park-catalogue.ts';
import { createFindParkDay, type FindParkDay } from './application/park-day.ts';
import { createSetCalendarDay } from './application/set-calendar-day.ts';
import { createSetHolidays } from './application/set-holidays.ts';
import { availabilityRoute } from './http/availability.ts';
import { createParkRoute } from './http/create-park.ts';
import { editParkRoute } from './http/edit-park.ts';
import { getCalendarRoute } from './http/get-calendar.ts';
import { getParkRoute } from './http/get-park.ts';
import { getHolidaysRoute, setHolidaysRoute } from './http/holidays.ts';
import { listParksRoute } from './http/list-parks.ts';
import { clearCalendarDayRoute, setCalendarDayRoute } from './http/set-calendar-day.ts';
import { calendarProjection, createDaySources, createHolidayBook, holidaysProjection } from './persistence/calendar.ts';
import { parkEvents } from './persistence/events.ts';
import { createParkCatalogue, parksProjection } from './persistence/parks.ts';

export type ParkModule = Module & {
  readonly openPark: OpenPark;
  readonly findDay: FindParkDay;
  readonly catalogue: ParkCatalogue;
  readonly datesOnSale: DatesOnSale;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly occupancy: LiveOccupancy;
  readonly placesOfDays: PlacesOfDays;
  readonly followQuota: FollowQuota;
};

export const parkManifest: Manifest = {
  name: 'park',
  events: parkEvents,
  projections: [parksProjection, calendarProjection, holidaysProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** Parks: what the chain offers, where and when. */
export function createParkModule(dependencies: Dependencies): ParkModule {
  const { database, occupancy } = dependencies;
  const catalogue = createParkCatalogue(database);
  const daySources = createDaySources(database);
  const book = createHolidayBook(database);
  const openPark = createOpenPark(dependencies);
  const availability = createAvailability({ ...dependencies, catalogue, daySources });
  const datesOnSale = createDatesOnSale({ ...dependencies, catalogue });
  const setCalendarDay = createSetCalendarDay({ ...dependencies, catalogue });
  return {
    ...parkManifest,
    routes: [
      listParksRoute(catalogue, occupancy),
      getParkRoute(catalogue, occupancy),
      createParkRoute(openPark, catalogue),
      editParkRoute(createEditPark({ ...dependencies, datesOnSale }), catalogue, occupancy),
      availabilityRoute(availability),
      getCalendarRoute(availability),
      setCalendarDayRoute(setCalendarDay, availability),
      clearCalendarDayRoute(setCalendarDay, availability),
      getHolidaysRoute(book),
      setHolidaysRoute(createSetHolidays(dependencies), book),
    ],
    openPark,
    findDay: createFindParkDay(daySources),
    catalogue,
    datesOnSale,
  };
}
