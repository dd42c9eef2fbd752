import { Type } from 'typebox';
import { assert } from '../../../kernel/assert.ts';
import type { Language } from '../../../infrastructure/http/error-table.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date } from '../../../infrastructure/http/schemas.ts';
import type { Availability } from '../application/availability.ts';
import type { SetCalendarDay } from '../application/set-calendar-day.ts';
import { CalendarDay, calendarDayExample, ruleExample, ruleVersion, toCalendarDay } from './calendar-schema.ts';
import { fieldProblem, parkId } from './park-schema.ts';
import { DateRuleBody, toDateRule } from './rule-schema.ts';

type Refusal = Exclude<Awaited<ReturnType<SetCalendarDay>>, { readonly ok: true }>['refusal'];

function refused(refusal: Refusal) {
  switch (refusal.code) {
    case 'park_not_found':
      return problem('park_not_found');
    case 'version_moved':
      return problem('precondition_failed');
    case 'bad_date':
      return problem('validation_failed', {
        errors: [{ path: 'date', message: `must be from ${refusal.from} to ${refusal.to}` }],
      });
    case 'bad_rule':
      return fieldProblem(refusal);
  }
}

const params = Type.Object({ id: parkId, date: date('Day in the time zone of the park') });
const access = { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'params.id' } as const;
const answer = {
  200: {
    description: 'What holds on the date now',
    headers: { ETag: 'Version of the rule, for If-Match', Vary: 'Accept-Language' },
    schema: CalendarDay,
    example: calendarDayExample,
  },
} as const;
const problems = ['park_not_found', 'precondition_failed', 'validation_failed'] as const;

/** What the date is after it was edited. */
async function answered(availability: Availability, parkOf: string, day: string, language: Language) {
  const shown = await availability(parkOf, day, day);
  const found = shown.ok ? shown.value[0] : undefined;
  assert(found, 'an edited date is shown');
  const body = toCalendarDay(found, language);
  return { status: 200, headers: { etag: body.etag, vary: 'Accept-Language' }, body } as const;
}

export const setCalendarDayRoute = (setCalendarDay: SetCalendarDay, availability: Availability) =>
  defineRoute({
    method: 'PUT',
    path: '/parks/:id/calendar/:date',
    operationId: 'setCalendarDay',
    summary: 'Give a date rules of its own',
    description:
      'Replaces the rule of the date: what is left out is not of its own any more. Tickets keep what they were sold with; a quota lowered under what is sold shows as a deficit.',
    tag: 'parks',
    access,
    stepUp: 'none',
    editing: true,
    params,
    body: DateRuleBody,
    bodyExample: ruleExample,
    responses: answer,
    problems,
    async handle({ params: { id, date: day }, body, principal, correlationId, ifMatch, language }) {
      const edit = { parkId: id, date: day, rule: toDateRule(body), version: ruleVersion(ifMatch) };
      const done = await setCalendarDay(edit, { actor: principal.actor, correlationId });
      return done.ok ? answered(availability, id, day, language) : refused(done.refusal);
    },
  });

export const clearCalendarDayRoute = (setCalendarDay: SetCalendarDay, availability: Availability) =>
  defineRoute({
    method: 'DELETE',
    path: '/parks/:id/calendar/:date',
    operationId: 'clearCalendarDay',
    summary: "Take a date's own rules away",
    tag: 'parks',
    access,
    stepUp: 'none',
    editing: true,
    params,
    responses: answer,
    problems,
    async handle({ params: { id, date: day }, principal, correlationId, ifMatch, language }) {
      const edit = { parkId: id, date: day, rule: null, version: ruleVersion(ifMatch) };
      const done = await setCalendarDay(edit, { actor: principal.actor, correlationId });
      return done.ok ? answered(availability, id, day, language) : refused(done.refusal);
    },
  });
