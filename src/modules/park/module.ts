import type { CleanImage } from '../../kernel/clean-image.ts';
import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { FileStore } from '../../kernel/file-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { CacheTopic, ReadCache } from '../../kernel/read-cache.ts';
import { daysBetween, isLocalDate, PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../kernel/time.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createSharedWatch } from '../../infrastructure/shared-watch.ts';
import { createAvailability, MOST_DAYS } from './application/availability.ts';
import { createDatesOnSale, type DatesOnSale } from './application/dates-on-sale.ts';
import { createEditPark } from './application/edit-park.ts';
import { createReadOccupancy, isSameOccupancy } from './application/occupancy.ts';
import { keepAnswers } from './application/kept-answers.ts';
import { createOpenPark, type OpenPark } from './application/open-park.ts';
import type { FollowQuota, GateLag, LiveOccupancy, ParkCatalogue, PlacesOfDays } from './application/park-catalogue.ts';
import { createPictures, type Pictures } from './application/pictures.ts';
import { createFindParkDay, type FindParkDay } from './application/park-day.ts';
import { createSetCalendarDay } from './application/set-calendar-day.ts';
import { createSetHolidays } from './application/set-holidays.ts';
import { availabilityRoute } from './http/availability.ts';
import { createParkRoute } from './http/create-park.ts';
import { createAnswerEdit, editParkRoute } from './http/edit-park.ts';
import { getCalendarRoute } from './http/get-calendar.ts';
import { getParkRoute } from './http/get-park.ts';
import { getHolidaysRoute, setHolidaysRoute } from './http/holidays.ts';
import { listParksRoute } from './http/list-parks.ts';
import { getOccupancyRoute, streamOccupancyRoute } from './http/occupancy.ts';
import { addParkImageRoute, setParkImagesRoute, showParkImageRoute } from './http/park-images.ts';
import { clearCalendarDayRoute, setCalendarDayRoute } from './http/set-calendar-day.ts';
import { calendarProjection, createDaySources, createHolidayBook, holidaysProjection } from './persistence/calendar.ts';
import { parkEvents } from './persistence/events.ts';
import { createParkCatalogue, parksProjection } from './persistence/parks.ts';

export type ParkModule = Module & {
  readonly openPark: OpenPark;
  readonly findDay: FindParkDay;
  readonly catalogue: ParkCatalogue;
  readonly datesOnSale: DatesOnSale;
  /** For the flow that deletes what is shown no longer. */
  readonly forgetPicture: Pictures['forget'];
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly database: Database;
  readonly files: FileStore;
  readonly cleanImage: CleanImage;
  readonly cache: ReadCache;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly occupancy: LiveOccupancy;
  readonly gateLag: GateLag;
  /** For showing; up to a second old. */
  readonly placesOfDays: PlacesOfDays;
  readonly followQuota: FollowQuota;
  /** Told of failures that are repeated later by themselves. */
  readonly onError: (error: unknown) => void;
};

/** How long a change may go unseen by those who watch a park. */
const WATCH_EVERY_MS = 1_000;

export const parkManifest: Manifest = {
  name: 'park',
  events: parkEvents,
  projections: [parksProjection, calendarProjection, holidaysProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

/** What pages show of parks and their days. */
export const parksTopic: CacheTopic = { name: 'parks', eventTypes: parkEvents.map(({ type }) => type), isShared: true };

/** Parks: what the chain offers, where and when. */
export function createParkModule(dependencies: Dependencies): ParkModule {
  const { database, occupancy, clock, zone } = dependencies;
  const catalogue = createParkCatalogue(database);
  const daySources = createDaySources(database);
  const book = createHolidayBook(database);
  const openPark = createOpenPark(dependencies);
  const availability = createAvailability({ ...dependencies, catalogue, daySources });
  const mayBeAskedOften = (first: LocalDate): boolean => {
    const daysAway = isLocalDate(first) ? daysBetween(zone.dateAt(clock.now(), PARKS_TIME_ZONE), first) : -1;
    return daysAway >= 0 && daysAway < MOST_DAYS;
  };
  const kept = keepAnswers(dependencies.cache, parksTopic, { catalogue, daySources, mayBeAskedOften });
  const shownAvailability = createAvailability({ ...dependencies, ...kept });
  const datesOnSale = createDatesOnSale({ ...dependencies, catalogue });
  const pictures = createPictures({ ...dependencies, catalogue });
  const answerEdit = createAnswerEdit(createEditPark({ ...dependencies, datesOnSale }), catalogue, occupancy);
  const readOccupancy = createReadOccupancy({ ...dependencies, catalogue });
  const watchOccupancy = createSharedWatch({
    read: readOccupancy,
    isSame: isSameOccupancy,
    everyMs: WATCH_EVERY_MS,
    onError: dependencies.onError,
  });
  const setCalendarDay = createSetCalendarDay({ ...dependencies, catalogue });
  return {
    ...parkManifest,
    routes: [
      listParksRoute(kept.catalogue, occupancy),
      getParkRoute(kept.catalogue, occupancy),
      createParkRoute(openPark, catalogue),
      editParkRoute(answerEdit),
      addParkImageRoute(pictures),
      setParkImagesRoute(answerEdit),
      showParkImageRoute(pictures),
      getOccupancyRoute(readOccupancy),
      streamOccupancyRoute(readOccupancy, watchOccupancy),
      availabilityRoute(shownAvailability),
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
    forgetPicture: (parkId, pictureId) => pictures.forget(parkId, pictureId),
  };
}
