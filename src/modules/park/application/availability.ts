import type { Clock, LocalDate, Zone } from '../../../kernel/time.ts';
import { addDays, daysBetween, isLocalDate } from '../../../kernel/time.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ParkDay } from '../contract.ts';
import type { ParkCatalogue, PlacesOfDays } from './park-catalogue.ts';
import type { FindParkDay } from './park-day.ts';

/** Most days one question may span, today included: the booking horizon. */
export const MOST_DAYS = 91;

export type DayAvailability = ParkDay & { readonly remaining: number };

export type Availability = (
  parkId: string,
  from: LocalDate | undefined,
  to: LocalDate | undefined,
) => Promise<Result<readonly DayAvailability[], { readonly code: 'park_not_found' } | { readonly code: 'bad_range' }>>;

type Dependencies = {
  readonly catalogue: ParkCatalogue;
  readonly findDay: FindParkDay;
  readonly placesOfDays: PlacesOfDays;
  readonly clock: Clock;
  readonly zone: Zone;
};

/** A row a day from `from` (today if absent) to `to` (30 days if absent), both included. */
export function createAvailability({ catalogue, findDay, placesOfDays, clock, zone }: Dependencies): Availability {
  return async (parkId, from, to) => {
    const card = await catalogue.find(parkId);
    if (card === null) return refuse({ code: 'park_not_found' });
    const nowMs = clock.now();
    const today = zone.dateAt(nowMs, card.timeZone);
    const first = from ?? today;
    const last = to ?? addDays(first, 29);
    const days = isLocalDate(last) ? daysBetween(first, last) + 1 : 0;
    if (days < 1 || days > MOST_DAYS) return refuse({ code: 'bad_range' });
    const dates = Array.from({ length: days }, (_, index) => addDays(first, index));
    const [places, offers] = await Promise.all([
      placesOfDays(parkId, dates),
      Promise.all(dates.map((date) => findDay(parkId, date))),
    ]);
    /** Nothing is sold any more for a day that is closed or whose closing is past. */
    const isOver = ({ date, timeZone, hours }: ParkDay): boolean =>
      hours === null || date < today || (date === today && nowMs >= zone.instantOf(date, hours.closeTime, timeZone));
    return ok(
      offers.flatMap((day, index) =>
        day === null ? [] : [{ ...day, remaining: isOver(day) ? 0 : (places[index]?.free ?? day.dayQuota) }],
      ),
    );
  };
}
