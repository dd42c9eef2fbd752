import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';
import type { Zone } from '../kernel/time.ts';

function createFormatter(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
}

const MINUTE_MS = 60_000;
/** Since 1972 every zone is a whole number of minutes off UTC and changes at a whole minute, so a date lasts whole minutes. */
const WHOLE_MINUTES_FROM_MS = Date.UTC(1973, 0, 1);
/** Openings and closings within the booking horizon, of some forty parks. */
const MOST_INSTANTS = 8_192;

/**
 * The time-zone database of this Node. Both questions throw `RangeError` on an unknown zone; `instantOf` also on a date or
 * time that does not exist anywhere.
 *
 * Where clocks change, `instantOf` does what RFC 5545 says: a time that happens twice is the first one, a time that is
 * left out is read with the offset before the gap, so 02:30 in a gap of an hour means 03:30.
 */
export function createZone(): Zone {
  // A formatter costs far more to make than to use; there are as many as zones named by parks.
  const formatters = new Map<string, Intl.DateTimeFormat>();
  const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
    const known = formatters.get(timeZone);
    if (known !== undefined) return known;
    const made = createFormatter(timeZone);
    formatters.set(timeZone, made);
    return made;
  };
  const readDate = (instantMs: number, timeZone: string): string => {
    const found = new Map(
      formatterOf(timeZone)
        .formatToParts(instantMs)
        .map(({ type, value }) => [type, value]),
    );
    return `${found.get('year')}-${found.get('month')}-${found.get('day')}`;
  };
  // Every sale asks what day it is and when that day opens and closes: both answers are kept.
  const newest = new Map<string, { readonly minute: number; readonly date: string }>();
  const instants = new LRUCache<string, number>({ max: MOST_INSTANTS });
  return {
    dateAt(instantMs, timeZone) {
      if (instantMs < WHOLE_MINUTES_FROM_MS) return readDate(instantMs, timeZone);
      const minute = Math.floor(instantMs / MINUTE_MS);
      const kept = newest.get(timeZone);
      if (kept?.minute === minute) return kept.date;
      const date = readDate(instantMs, timeZone);
      newest.set(timeZone, { minute, date });
      return date;
    },
    instantOf(date, time, timeZone) {
      const name = `${date} ${time} ${timeZone}`;
      const kept = instants.get(name);
      if (kept !== undefined) return kept;
      const instantMs = Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' }).toZonedDateTime(
        timeZone,
        { disambiguation: 'compatible' },
      ).epochMilliseconds;
      instants.set(name, instantMs);
      return instantMs;
    },
  };
}
