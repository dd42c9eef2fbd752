import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { EventsOfAggregate, ShownEvent } from '../application/events-of-aggregate.ts';

const LoggedEvent = Type.Object(
  {
    id: uuid(),
    aggregate_id: uuid(),
    aggregate_type: Type.String(),
    event_type: Type.String(),
    event_version: Type.Integer({ description: '1, 2, 3 … within the aggregate' }),
    schema_version: Type.Integer(),
    event_data: Type.Unsafe<unknown>({ description: 'As it is stored; what is personal reads `[sealed]`' }),
    position: Type.Integer({ description: 'Of the event in the log of this node' }),
    park_id: nullable(Type.String()),
    actor: Type.String({ example: 'user:01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e' }),
    correlation_id: Type.String(),
    causation_id: nullable(Type.String()),
    occurred_at: instant(),
    created_at: instant(),
  },
  { $id: 'LoggedEvent' },
);

const ID = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';
const example = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3f',
  aggregate_id: ID,
  aggregate_type: 'Ticket',
  event_type: 'TicketHoldExpired',
  event_version: 2,
  schema_version: 1,
  event_data: { ticketId: ID, places: 2 },
  position: 1204,
  park_id: 'ala-archa',
  actor: 'system',
  correlation_id: 'f0d6…',
  causation_id: null,
  occurred_at: '2026-12-05T06:30:00.000Z',
  created_at: '2026-12-05T06:30:00.000Z',
};

const VERSION = /^[1-9]\d{0,9}$/;

const toLogged = (event: ShownEvent) => ({
  id: event.id,
  aggregate_id: event.streamId,
  aggregate_type: event.aggregateType,
  event_type: event.type,
  event_version: event.version,
  schema_version: event.schemaVersion,
  event_data: event.data,
  position: event.position,
  park_id: event.parkId,
  actor: event.actor,
  correlation_id: event.correlationId,
  causation_id: event.causationId,
  occurred_at: toInstant(event.occurredAtMs),
  created_at: toInstant(event.recordedAtMs),
});

export const listEventsRoute = (eventsOf: EventsOfAggregate) =>
  defineRoute({
    method: 'GET',
    path: '/admin/events',
    operationId: 'listEvents',
    summary: 'What happened to one thing',
    tag: 'office',
    access: { kind: 'roles', roles: ['admin'] },
    query: Type.Object({ aggregate_id: uuid('A ticket, a payment, an account …'), ...pageQuery }),
    responses: {
      200: {
        description: 'Its events, oldest first; none when there is no such thing',
        schema: pageOf(LoggedEvent),
        example: { items: [example], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const byVersion = ({ version }: ShownEvent): string => String(version);
      const page = await readPage('events', query, byVersion, async (after, limit) =>
        after !== null && !VERSION.test(after) ? null : eventsOf(query.aggregate_id, Number(after ?? 0), limit),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toLogged), next_cursor: page.value.next } };
    },
  });
