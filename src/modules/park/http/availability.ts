import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import type { Language } from '../../../infrastructure/http/error-table.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, money, nullable } from '../../../infrastructure/http/schemas.ts';
import { MOST_DAYS, type Availability, type DayAvailability } from '../application/availability.ts';
import { parkId } from './park-schema.ts';

export const dayFields = {
  date: date('Day in the time zone of the park'),
  open: Type.Boolean(),
  open_time: nullable(Type.String()),
  close_time: nullable(Type.String()),
  capacity: Type.Integer({ description: 'Places that may be sold for the day' }),
  remaining: Type.Integer({ description: 'Places that can still be sold' }),
  deficit: Type.Integer({ description: 'Places sold beyond the capacity because it was lowered later' }),
  price_under_3: money(),
  price_over_3: money(),
  price_adult: money(),
  reason: nullable(Type.String({ description: 'Why the park is closed, in the language asked for' })),
  holiday: nullable(Type.String({ description: 'Public holiday on this day, in the language asked for' })),
};
const Day = Type.Object(dayFields, { $id: 'DayAvailability' });

export const dayExample = {
  date: '2026-12-05',
  open: true,
  open_time: '10:00',
  close_time: '20:00',
  capacity: 300,
  remaining: 117,
  deficit: 0,
  price_under_3: '150.00',
  price_over_3: '350.00',
  price_adult: '0.00',
  reason: null,
  holiday: null,
};

export const toDay = (day: DayAvailability, language: Language) => ({
  date: day.date,
  open: day.hours !== null,
  open_time: day.hours?.openTime ?? null,
  close_time: day.hours?.closeTime ?? null,
  capacity: day.dayQuota,
  remaining: day.remaining,
  deficit: day.deficit,
  price_under_3: formatSom(day.priceUnder3Tyiyn),
  price_over_3: formatSom(day.priceOver3Tyiyn),
  price_adult: formatSom(day.priceAdultTyiyn),
  reason: day.closedReason?.[language] ?? null,
  holiday: day.holiday?.names[language] ?? null,
});

export const rangeQuery = Type.Object({
  from: Type.Optional(date('First day')),
  to: Type.Optional(date('Last day, included')),
});

export const RANGE = `From \`from\` (today if absent) to \`to\` (30 days if absent), at most ${MOST_DAYS} days.`;

export const badRange = () =>
  problem('validation_failed', {
    errors: [{ path: 'to', message: `must not be before from, and at most ${MOST_DAYS} days are answered` }],
  });

export const availabilityRoute = (availability: Availability) =>
  defineRoute({
    method: 'GET',
    path: '/parks/:id/availability',
    operationId: 'getAvailability',
    summary: 'What a park offers day by day',
    description: RANGE,
    tag: 'parks',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    params: Type.Object({ id: parkId }),
    query: rangeQuery,
    responses: {
      200: {
        description: 'A row a day',
        headers: { Vary: 'Accept-Language' },
        schema: Type.Object({ items: Type.Array(Day), next_cursor: nullable(Type.String()) }),
        example: { items: [dayExample], next_cursor: null },
      },
    },
    problems: ['park_not_found', 'validation_failed'],
    async handle({ params, query, language }) {
      const result = await availability(params.id, query.from, query.to);
      if (!result.ok) return result.refusal.code === 'park_not_found' ? problem('park_not_found') : badRange();
      const items = result.value.map((day) => toDay(day, language));
      return { status: 200, headers: { vary: 'Accept-Language' }, body: { items, next_cursor: null } };
    },
  });
