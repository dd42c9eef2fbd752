import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { createZone } from './zone.ts';

const zone = createZone();
const BISHKEK = 'Asia/Bishkek';
const BERLIN = 'Europe/Berlin';
const at = (text: string): number => Date.parse(text);

describe('a zone with one offset all year', () => {
  test('the date changes at local midnight, not at midnight UTC', () => {
    expect(zone.dateAt(at('2026-11-23T17:59:59.999Z'), BISHKEK)).toBe('2026-11-23');
    expect(zone.dateAt(at('2026-11-23T18:00:00.000Z'), BISHKEK)).toBe('2026-11-24');
    expect(zone.dateAt(at('2026-12-31T18:00:00.000Z'), BISHKEK)).toBe('2027-01-01');
  });

  test('midnight and the last minute of a day are instants of that day', () => {
    expect(zone.instantOf('2026-11-24', '00:00', BISHKEK)).toBe(at('2026-11-23T18:00:00Z'));
    expect(zone.instantOf('2026-11-24', '23:59', BISHKEK)).toBe(at('2026-11-24T17:59:00Z'));
    expect(zone.dateAt(zone.instantOf('2026-11-24', '00:00', BISHKEK), BISHKEK)).toBe('2026-11-24');
  });
});

describe('a zone that changes its clocks', () => {
  test('a time in the gap is read with the offset before it', () => {
    expect(zone.instantOf('2026-03-29', '02:30', BERLIN)).toBe(zone.instantOf('2026-03-29', '03:30', BERLIN));
    expect(zone.instantOf('2026-03-29', '02:30', BERLIN)).toBe(at('2026-03-29T01:30:00Z'));
  });

  test('of a time that happens twice it is the first', () => {
    expect(zone.instantOf('2026-10-25', '02:30', BERLIN)).toBe(at('2026-10-25T00:30:00Z'));
  });

  test('the day of the change has 23 or 25 hours', () => {
    const hours = (from: string, to: string): number =>
      (zone.instantOf(to, '00:00', BERLIN) - zone.instantOf(from, '00:00', BERLIN)) / 3_600_000;
    expect([hours('2026-03-29', '2026-03-30'), hours('2026-10-25', '2026-10-26')]).toEqual([23, 25]);
  });
});

test('dates agree with Temporal at any instant in many zones', () => {
  const zones = fc.constantFrom(
    BISHKEK,
    BERLIN,
    'UTC',
    'America/St_Johns',
    'Pacific/Apia',
    'Asia/Kathmandu',
    'Africa/Cairo',
  );
  const instants = fc.integer({ min: at('1900-01-02T00:00:00Z'), max: at('2999-12-30T00:00:00Z') });
  fc.assert(
    fc.property(instants, zones, (instantMs, timeZone) => {
      const date = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone).toPlainDate();
      return zone.dateAt(instantMs, timeZone) === date.toString();
    }),
  );
});

test('a date that was just asked for is not given for another day or zone', () => {
  const instants = fc.integer({ min: at('1960-01-02T00:00:00Z'), max: at('2100-12-30T00:00:00Z') });
  const steps = fc.array(
    fc.tuple(fc.integer({ min: -90_000, max: 90_000 }), fc.constantFrom(BISHKEK, BERLIN, 'Africa/Monrovia')),
  );
  fc.assert(
    fc.property(instants, steps, (startMs, path) => {
      const asked = createZone();
      let instantMs = startMs - (startMs % 86_400_000);
      return path.every(([stepMs, timeZone]) => {
        instantMs += stepMs;
        return asked.dateAt(instantMs, timeZone) === createZone().dateAt(instantMs, timeZone);
      });
    }),
  );
});

test('an unknown zone, date or time is a RangeError', () => {
  expect(() => zone.dateAt(0, 'Asia/Nowhere')).toThrow(RangeError);
  expect(() => zone.instantOf('2026-11-24', '10:00', 'Asia/Nowhere')).toThrow(RangeError);
  expect(() => zone.instantOf('2026-02-30', '10:00', BISHKEK)).toThrow(RangeError);
  expect(() => zone.instantOf('2026-11-24', '24:00', BISHKEK)).toThrow(RangeError);
});
