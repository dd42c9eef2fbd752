import { expect, test } from 'vitest';
import { figuresFrom } from './figures.ts';

test('tiers are sent by their points, in whatever order they were typed', () => {
  const fields = new FormData();
  for (const [name, points, percent] of [
    ['Gold', '5000', '10'],
    [' Bronze ', '0', '0'],
  ] as const) {
    fields.append('tier', name);
    fields.append('points', points);
    fields.append('percent', percent);
  }
  for (const [name, value] of Object.entries({
    earning: '10',
    value: '1,5',
    spendable: '50',
    months: '12',
    days: '30',
  })) {
    fields.append(name, value);
  }
  expect(figuresFrom(fields)).toEqual({
    tiers: [
      { name: 'Bronze', min_points: 0, discount_percent: 0 },
      { name: 'Gold', min_points: 5000, discount_percent: 10 },
    ],
    earning_sum: '10.00',
    point_value: '1.50',
    spendable_percent: 50,
    valid_months: 12,
    returned_days: 30,
  });
});
