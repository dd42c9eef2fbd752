import { expect, test } from 'vitest';
import { parseStatementAmount, parseStatementDay } from './statement-line.ts';

test.each([
  ['350.00', 35_000n],
  ['-350', -35_000n],
  ['\u2212350', -35_000n],
  ['1 500,5', 150_050n],
  ['1\u00A0500,05', 150_005n],
  ['0.001', null],
  ['1,500.00', null],
  ['12e3', null],
  ['', null],
])('an amount of %j is %s', (text, tyiyn) => {
  expect(parseStatementAmount(text)).toBe(tyiyn);
});

test.each([
  ['2026-12-05', '2026-12-05', null],
  ['2026-12-05T10:00:00Z', '2026-12-05', '2026-12-05 10:00:00Z'],
  ['2026-12-05T10:00:00.123+06:00', '2026-12-05', '2026-12-05 10:00:00+06:00'],
  ['05.12.2026 10:00', '2026-12-05', '2026-12-05 10:00:00+06'],
  ['05.12.2026 25:00', '2026-12-05', null],
])('%j is the day %s and the instant %s', (text, day, toldAt) => {
  expect(parseStatementDay(text)).toEqual({ day, toldAt });
});

test.each(['2026-02-30', '12/05/2026', 'soon'])('%j is no day', (text) => {
  expect(parseStatementDay(text)).toBeNull();
});
