import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, money, nullable } from '../../../infrastructure/http/schemas.ts';
import { MOST_DAYS, type Availability } from '../application/availability.ts';
import { parkId } from './park-schema.ts';

const Day = Type.Object(
  {
    date: date('Day in the time zone of the park'),
    open: Type.Boolean(),
    open_time: nullable(Type.String()),
    close_time: nullable(Type.String()),
    capacity: Type.Integer({ description: 'Places that may be sold for the day' }),
    remaining: Type.Integer({ description: 'Places that can still be sold' }),
    price_under_3: money(),
    price_over_3: money(),
    reason: nullable(Type.String({ description: 'Why the park is closed' })),
  },
  { $id: 'DayAvailability' },
);

const example = {
  date: '2026-12-05',
  open: true,
  open_time: '10:00',
  close_time: '20:00',
  capacity: 300,
  remaining: 117,
  price_under_3: '150.00',
  price_over_3: '350.00',
  reason: null,
};

export const availabilityRoute = (availability: Availability) =>
  defineRoute({
    method: 'GET',
    path: '/parks/:id/availability',
    operationId: 'getAvailability',
    summary: 'What a park offers day by day',
    description: `From \`from\` (today if absent) to \`to\` (30 days if absent), at most ${MOST_DAYS} days.`,
    tag: 'parks',
    access: { kind: 'public' },
    params: Type.Object({ id: parkId }),
    query: Type.Object({ from: Type.Optional(date('First day')), to: Type.Optional(date('Last day, included')) }),
    responses: {
      200: {
        description: 'A row a day',
        schema: Type.Object({ items: Type.Array(Day), next_cursor: nullable(Type.String()) }),
        example: { items: [example], next_cursor: null },
      },
    },
    problems: ['park_not_found', 'validation_failed'],
    async handle({ params, query }) {
      const result = await availability(params.id, query.from, query.to);
      if (!result.ok) {
        if (result.refusal.code === 'park_not_found') return problem('park_not_found');
        return problem('validation_failed', {
          errors: [{ path: 'to', message: `must not be before from, and at most ${MOST_DAYS} days are answered` }],
        });
      }
      const items = result.value.map((day) => ({
        date: day.date,
        open: day.hours !== null,
        open_time: day.hours?.openTime ?? null,
        close_time: day.hours?.closeTime ?? null,
        capacity: day.dayQuota,
        remaining: day.remaining,
        price_under_3: formatSom(day.priceUnder3Tyiyn),
        price_over_3: formatSom(day.priceOver3Tyiyn),
        reason: null,
      }));
      return { status: 200, body: { items, next_cursor: null } };
    },
  });
