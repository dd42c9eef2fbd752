import { expect, test } from 'vitest';
import type { Recorded } from '../kernel/event-codec.ts';
import { createFollowQuotaFlow } from './follow-quota.ts';

async function followed(type: string, data: object): Promise<readonly string[]> {
  const dates: string[] = [];
  const flow = createFollowQuotaFlow({
    datesOnSale: async () => ['2026-12-05', '2026-12-06'],
    followQuotas: async (parkId, all) => {
      dates.push(...all.map((date) => `${parkId} ${date}`));
    },
  });
  expect(flow.eventTypes).toContain(type);
  await flow.handle({
    type,
    data: { parkId: 'ala-archa', ...data },
    meta: { id: 'e', correlationId: 'c' },
  } as Recorded);
  return dates;
}

test.each(['CalendarDaySet', 'CalendarDayCleared'])('%s: the date follows', async (type) => {
  expect(await followed(type, { date: '2026-12-31' })).toEqual(['ala-archa 2026-12-31']);
});

test('a park with another capacity: every date that is sold follows', async () => {
  expect(await followed('ParkEdited', { changed: ['capacity'] })).toEqual([
    'ala-archa 2026-12-05',
    'ala-archa 2026-12-06',
  ]);
});

test('an edit of anything else moves no quota', async () => {
  expect(await followed('ParkEdited', { changed: ['names', 'priceOver3Tyiyn'] })).toEqual([]);
});
