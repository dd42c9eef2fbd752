import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable } from '../../../infrastructure/http/schemas.ts';
import type { Availability } from '../application/availability.ts';
import { badRange, RANGE, rangeQuery } from './availability.ts';
import { CalendarDay, calendarDayExample, toCalendarDay } from './calendar-schema.ts';
import { parkId } from './park-schema.ts';

export const getCalendarRoute = (availability: Availability) =>
  defineRoute({
    method: 'GET',
    path: '/parks/:id/calendar',
    operationId: 'getCalendar',
    summary: 'What holds in a park day by day, and why',
    description: `${RANGE} The rule of a date wins over that of public holidays, this over that of the weekday, this over the park.`,
    tag: 'parks',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: ['gate', 'manager', 'finance', 'admin'], parkFrom: 'params.id' },
    params: Type.Object({ id: parkId }),
    query: rangeQuery,
    responses: {
      200: {
        description: 'A row a day',
        headers: { Vary: 'Accept-Language' },
        schema: Type.Object({ items: Type.Array(CalendarDay), next_cursor: nullable(Type.String()) }),
        example: { items: [calendarDayExample], next_cursor: null },
      },
    },
    problems: ['park_not_found', 'validation_failed'],
    async handle({ params, query, language }) {
      const result = await availability(params.id, query.from, query.to);
      if (!result.ok) return result.refusal.code === 'park_not_found' ? problem('park_not_found') : badRange();
      const items = result.value.map((day) => toCalendarDay(day, language));
      return { status: 200, headers: { vary: 'Accept-Language' }, body: { items, next_cursor: null } };
    },
  });
