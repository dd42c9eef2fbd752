import { Type } from 'typebox';
import type { Clock } from '../../../kernel/time.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant, nullable, text } from '../../../infrastructure/http/schemas.ts';
import type { StartDayClosing } from '../application/close-day.ts';
import type { DayClosings, DayClosingView } from '../application/day-closings.ts';
import { parkSlug } from './ticket-schema.ts';

const access = { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'params.id' } as const;

const DayClosing = Type.Object(
  {
    park_id: Type.String(),
    date: date(),
    reason: nullable(Type.String()),
    started_at: instant(),
    tickets: Type.Integer({ description: 'Cancelled, waiting and admitted ones together' }),
    cancelled: Type.Integer(),
    admitted: Type.Integer({ description: 'Tickets that somebody came in with; they stay' }),
    refunded: Type.Integer({ description: 'Cancelled ones whose money is out again' }),
    waiting: Type.Integer({ description: 'Tickets still to be cancelled' }),
    done: Type.Boolean({ description: 'Nothing is left to cancel and all money is out' }),
  },
  { $id: 'DayClosing' },
);

const example = {
  park_id: 'ala-archa',
  date: '2026-12-05',
  reason: 'Storm warning',
  started_at: '2026-12-04T06:30:00.000Z',
  tickets: 120,
  cancelled: 118,
  admitted: 2,
  refunded: 97,
  waiting: 0,
  done: false,
};

const toClosing = (view: DayClosingView) => ({
  park_id: view.parkId,
  date: view.date,
  reason: view.reason,
  started_at: toInstant(view.startedAtMs),
  tickets: view.tickets,
  cancelled: view.cancelled,
  admitted: view.admitted,
  refunded: view.refunded,
  waiting: view.waiting,
  done: view.done,
});

export const cancelDayRoute = (closings: DayClosings, startDayClosing: StartDayClosing, clock: Clock) =>
  defineRoute({
    method: 'POST',
    path: '/admin/parks/:id/days/:date/cancel-all',
    operationId: 'cancelDay',
    summary: 'Cancel all tickets of a closed day',
    description:
      'Close the day in the calendar first. Every ticket that nobody has used is cancelled, its money goes back and its guest is told; a ticket that somebody came in with stays. It goes on after a restart; asked for twice it is the same.',
    tag: 'staff',
    access,
    stepUp: 'required',
    idempotency: 'optional',
    params: Type.Object({ id: parkSlug, date: date() }),
    body: Type.Object({ reason: text(500, { description: 'Guests read it with their tickets' }) }),
    bodyExample: { reason: 'Storm warning' },
    responses: { 202: { description: 'It has begun', schema: DayClosing, example } },
    problems: ['park_not_found', 'day_not_closed', 'day_closing_not_found'],
    async handle({ params, body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const started = await startDayClosing({ parkId: params.id, date: params.date, reason: body.reason }, meta);
      if (!started.ok) return problem(started.refusal.code);
      const found = await closings.find(params.id, params.date, clock.now());
      return found === null ? problem('day_closing_not_found') : { status: 202, body: toClosing(found) };
    },
  });

export const getDayClosingRoute = (closings: DayClosings, clock: Clock) =>
  defineRoute({
    method: 'GET',
    path: '/admin/parks/:id/days/:date/cancel-all',
    operationId: 'getDayClosing',
    summary: 'How far the cancellation of a day is',
    tag: 'staff',
    access,
    params: Type.Object({ id: parkSlug, date: date() }),
    responses: { 200: { description: 'The progress', schema: DayClosing, example } },
    problems: ['day_closing_not_found'],
    async handle({ params }) {
      const found = await closings.find(params.id, params.date, clock.now());
      return found === null ? problem('day_closing_not_found') : { status: 200, body: toClosing(found) };
    },
  });
