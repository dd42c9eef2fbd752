import { Temporal } from 'temporal-polyfill';
import { formatDayAndTime, type Language } from '../kernel/human-text.ts';

/**
 * An instant as the clock on the wall of a place shows it: `5 декабря 2026 г., 18:30`. Names no zone: say whose time it is.
 * @throws RangeError on an unknown zone
 */
export function formatInstant(instantMs: number, timeZone: string, language: Language): string {
  const there = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
  const time = there.toPlainTime().toString({ smallestUnit: 'minute' });
  return formatDayAndTime(there.toPlainDate().toString(), time, language);
}
