import type { Clock, LocalDate, Zone } from '../../../kernel/time.ts';
import { addDays, daysBetween } from '../../../kernel/time.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ParkDay } from '../contract.ts';
import type { ParkCatalogue, RemainingPlaces } from './park-catalogue.ts';
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
  readonly remainingPlaces: RemainingPlaces;
  readonly clock: Clock;
  readonly zone: Zone;
};

/** A row a day from `from` (today if absent) to `to` (30 days if absent), both included. */
export function createAvailability({ catalogue, findDay, remainingPlaces, clock, zone }: Dependencies): Availability {
  return async (parkId, from, to) => {
    const card = await catalogue.find(parkId);
    if (card === null) return refuse({ code: 'park_not_found' });
    const first = from ?? zone.dateAt(clock.now(), card.timeZone);
    const last = to ?? addDays(first, 29);
    const days = daysBetween(first, last) + 1;
    if (days < 1 || days > MOST_DAYS) return refuse({ code: 'bad_range' });
    const dates = Array.from({ length: days }, (_, index) => addDays(first, index));
    const [remaining, offers] = await Promise.all([
      remainingPlaces(parkId, dates),
      Promise.all(dates.map((date) => findDay(parkId, date))),
    ]);
    return ok(
      offers.flatMap((day, index) => (day === null ? [] : [{ ...day, remaining: remaining[index] ?? day.dayQuota }])),
    );
  };
}
