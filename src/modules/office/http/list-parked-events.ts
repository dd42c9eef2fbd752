import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { pageOfAll, readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Parked, ParkedEvents } from '../application/settle-parked-event.ts';

const ParkedEvent = Type.Object(
  {
    id: Type.String({ description: 'Subscription and position', example: 'flow.purchase:1204' }),
    subscription: Type.String(),
    position: Type.Integer({ description: 'Of the event in the log' }),
    aggregate_id: uuid(),
    error: Type.String(),
    attempts: Type.Integer({ description: '0 when it waits behind an earlier event of its aggregate' }),
    parked_at: instant(),
    retry_wanted: Type.Boolean(),
  },
  { $id: 'ParkedEvent' },
);

const example = {
  id: 'flow.purchase:1204',
  subscription: 'flow.purchase',
  position: 1204,
  aggregate_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  error: 'a stored payment is in the read model',
  attempts: 8,
  parked_at: '2026-12-05T06:30:00.000Z',
  retry_wanted: false,
};

const idOf = ({ subscription, position }: Parked): string => `${subscription}:${position}`;

export const listParkedEventsRoute = (parkedEvents: ParkedEvents) =>
  defineRoute({
    method: 'GET',
    path: '/admin/parked-events',
    operationId: 'listParkedEvents',
    summary: 'Events that could not be handled and wait for a person',
    tag: 'office',
    access: { kind: 'roles', roles: ['admin'] },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'Unsettled ones, oldest first',
        schema: pageOf(ParkedEvent),
        example: { items: [example], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const page = await readPage('parked-events', query, idOf, pageOfAll(await parkedEvents.list(), idOf));
      if (!page.ok) return page.refusal;
      const items = page.value.items.map((parked) => ({
        id: idOf(parked),
        subscription: parked.subscription,
        position: parked.position,
        aggregate_id: parked.aggregateId,
        error: parked.error,
        attempts: parked.attempts,
        parked_at: toInstant(parked.parkedAtMs),
        retry_wanted: parked.retryWanted,
      }));
      return { status: 200, body: { items, next_cursor: page.value.next } };
    },
  });
