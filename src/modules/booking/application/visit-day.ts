import { ok, refuse, type Result } from '../../../kernel/result.ts';
import {
  addDays,
  GATES_OPEN_EARLY_MS,
  PARKS_TIME_ZONE,
  type Clock,
  type LocalDate,
  type Zone,
} from '../../../kernel/time.ts';
import type { Tariff } from '../domain/pricing.ts';
import type { ParkDays } from './ports.ts';

/** How many days ahead a visit may be booked. */
const BOOKING_HORIZON_DAYS = 90;
/** How long after closing gates accept a ticket of the day. */
const LATE_MS = 30 * 60_000;

export type VisitDay = {
  readonly tariff: Tariff;
  readonly dayQuota: number;
  readonly today: LocalDate;
  readonly nowMs: number;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly closesAtMs: number;
};

export type DayRefusal =
  | { readonly code: 'park_not_found' }
  | { readonly code: 'park_closed' }
  | { readonly code: 'date_not_bookable'; readonly from: LocalDate; readonly to: LocalDate };

/** What a park's day offers to those who would visit it; refused when nobody can book it now. */
export type FindVisitDay = (parkId: string, visitDate: LocalDate) => Promise<Result<VisitDay, DayRefusal>>;

type Dependencies = { readonly parkDays: ParkDays; readonly clock: Clock; readonly zone: Zone };

export function createFindVisitDay({ parkDays, clock, zone }: Dependencies): FindVisitDay {
  return async (parkId, visitDate) => {
    const tariff = await parkDays(parkId, visitDate);
    if (tariff === null) return refuse({ code: 'park_not_found' });
    const { timeZone, hours, dayQuota } = tariff;
    const nowMs = clock.now();
    const today = zone.dateAt(nowMs, timeZone);
    const horizon = addDays(today, BOOKING_HORIZON_DAYS);
    if (visitDate < today || visitDate > horizon)
      return refuse({ code: 'date_not_bookable', from: today, to: horizon });
    if (hours === null) return refuse({ code: 'park_closed' });
    const closesAtMs = zone.instantOf(visitDate, hours.closeTime, timeZone);
    if (nowMs >= closesAtMs) return refuse({ code: 'park_closed' });
    const validFromMs = zone.instantOf(visitDate, hours.openTime, timeZone) - GATES_OPEN_EARLY_MS;
    return ok({ tariff, dayQuota, today, nowMs, validFromMs, validUntilMs: closesAtMs + LATE_MS, closesAtMs });
  };
}

/** Today's date in a park; null when there is no such park. */
export type ParkToday = (parkId: string, nowMs: number) => Promise<LocalDate | null>;

export const createParkToday =
  ({ parkDays, zone }: Pick<Dependencies, 'parkDays' | 'zone'>): ParkToday =>
  async (parkId, nowMs) => {
    // The time zone of a park does not depend on the day.
    const day = await parkDays(parkId, zone.dateAt(nowMs, PARKS_TIME_ZONE));
    return day === null ? null : zone.dateAt(nowMs, day.timeZone);
  };
