import type { Clock, LocalDate, Zone } from '../../../kernel/time.ts';
import { addDays, daysBetween, isLocalDate } from '../../../kernel/time.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ParkDay } from '../contract.ts';
import { offerOf } from '../domain/day-rule.ts';
import type { DaySources, OwnRule, ParkCatalogue, PlacesOfDays } from './park-catalogue.ts';

/** Most days one question may span, today included: the booking horizon. */
export const MOST_DAYS = 91;

export type DayAvailability = ParkDay & {
  readonly remaining: number;
  /** Places sold beyond the quota because it was lowered. */
  readonly deficit: number;
  readonly own: OwnRule;
};

export type Availability = (
  parkId: string,
  from: LocalDate | undefined,
  to: LocalDate | undefined,
) => Promise<Result<readonly DayAvailability[], { readonly code: 'park_not_found' } | { readonly code: 'bad_range' }>>;

type Dependencies = {
  readonly catalogue: Pick<ParkCatalogue, 'find'>;
  readonly daySources: Pick<DaySources, 'range'>;
  readonly placesOfDays: PlacesOfDays;
  readonly clock: Clock;
  readonly zone: Zone;
};

/** A row a day from `from` (today if absent) to `to` (30 days if absent), both included; one question a source for all days. */
export function createAvailability(dependencies: Dependencies): Availability {
  const { catalogue, daySources, placesOfDays, clock, zone } = dependencies;
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
    const [places, sources] = await Promise.all([placesOfDays(parkId, dates), daySources.range(parkId, dates)]);
    /** Nothing is sold any more for a day that is closed or whose closing is past. */
    const isOver = ({ date, timeZone, hours }: ParkDay): boolean =>
      hours === null || date < today || (date === today && nowMs >= zone.instantOf(date, hours.closeTime, timeZone));
    return ok(
      sources.map((source, index) => {
        const day = offerOf(source.park, source.date, source);
        const { free, deficit } = places[index] ?? { free: day.dayQuota, deficit: 0 };
        const own = { rule: source.dateRule, version: source.version };
        return { ...day, remaining: isOver(day) ? 0 : free, deficit, own };
      }),
    );
  };
}
