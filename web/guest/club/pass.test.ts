import { expect, test } from 'vitest';
import { isGoodFor, type Pass } from './pass.ts';

const pass: Pass = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  user_id: '01936f2e-0000-7c3a-9d4e-2f6a8b1c0d3e',
  name: 'Winter pass',
  park_ids: ['osh', 'dordoi'],
  valid_from: '2026-12-01',
  valid_to: '2027-02-28',
  visits: 10,
  people: 3,
  price: '6000.00',
  payment_reference: 'receipt 1742',
  visits_booked: 1,
  visits_left: 9,
  issued_at: '2026-12-01T06:00:00.000Z',
  cancelled: null,
};

test('a pass is good at its parks, from its first day to its last', () => {
  expect(['2026-11-30', '2026-12-01', '2027-02-28', '2027-03-01'].map((date) => isGoodFor(pass, 'osh', date))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(isGoodFor(pass, 'karakol', '2026-12-05')).toBe(false);
});

test('a pass that is used up or ended is good for nothing; one without a count is never used up', () => {
  expect(isGoodFor({ ...pass, visits_left: 0 }, 'osh', '2026-12-05')).toBe(false);
  expect(isGoodFor({ ...pass, visits: null, visits_left: null }, 'osh', '2026-12-05')).toBe(true);
  const cancelled = { reason: null, at: '2026-12-02T06:00:00.000Z' };
  expect(isGoodFor({ ...pass, cancelled }, 'osh', '2026-12-05')).toBe(false);
});
