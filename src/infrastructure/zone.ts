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
  return {
    dateAt(instantMs, timeZone) {
      const found = new Map(
        formatterOf(timeZone)
          .formatToParts(instantMs)
          .map(({ type, value }) => [type, value]),
      );
      return `${found.get('year')}-${found.get('month')}-${found.get('day')}`;
    },
    instantOf: (date, time, timeZone) =>
      Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' }).toZonedDateTime(timeZone, {
        disambiguation: 'compatible',
      }).epochMilliseconds,
  };
}
