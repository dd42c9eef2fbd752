import { Type } from 'typebox';
import { fromInstant, toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { AuditEntry, AuditTrail } from '../application/audit-trail.ts';

const Entry = Type.Object(
  {
    id: Type.String({ description: 'Rises with time' }),
    at: instant(),
    actor: Type.String({
      description: '`user:<id>`, `device:<id>`, or `system` for what was done at the command line',
    }),
    action: Type.String({ description: 'The event, see the list of events', example: 'RoleGranted' }),
    aggregate_type: Type.String(),
    aggregate_id: uuid(),
    park_id: nullable(Type.String()),
    correlation_id: Type.String(),
    details: Type.Unsafe<unknown>({ description: 'What the event says; what is personal reads `[sealed]`' }),
  },
  { $id: 'AuditEntry' },
);

const ID = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';
const example = {
  id: '1204',
  at: '2026-12-05T06:30:00.000Z',
  actor: `user:${ID}`,
  action: 'RoleGranted',
  aggregate_type: 'Staff',
  aggregate_id: ID,
  park_id: 'ala-archa',
  correlation_id: ID,
  details: { userId: ID, role: 'gate', parkId: 'ala-archa' },
};

const POSITION = /^[1-9]\d{0,14}$/;

const toEntry = (entry: AuditEntry) => ({
  id: String(entry.position),
  at: toInstant(entry.atMs),
  actor: entry.actor,
  action: entry.action,
  aggregate_type: entry.aggregateType,
  aggregate_id: entry.aggregateId,
  park_id: entry.parkId,
  correlation_id: entry.correlationId,
  details: entry.details,
});

export const listAuditRoute = (auditTrail: AuditTrail) =>
  defineRoute({
    method: 'GET',
    path: '/admin/audit',
    operationId: 'listAudit',
    summary: 'What staff did',
    description:
      'Managers name a park of theirs; administrators see everything without one. What was done at the command line is among it.',
    tag: 'office',
    access: { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'query.park_id' },
    query: Type.Object({
      park_id: Type.Optional(Type.String({ maxLength: 50, example: 'ala-archa' })),
      actor: Type.Optional(
        Type.String({ pattern: '^(system|(user|device):[0-9a-f-]{36})$', maxLength: 43, example: `user:${ID}` }),
      ),
      action: Type.Optional(Type.String({ pattern: '^[A-Za-z]{1,50}$', maxLength: 50, example: 'RoleGranted' })),
      aggregate_id: Type.Optional(uuid()),
      from: Type.Optional(instant('Not before')),
      to: Type.Optional(instant('Before')),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'Newest first',
        schema: pageOf(Entry),
        example: { items: [example], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const { park_id: parkId = null, actor, action, aggregate_id: aggregateId, from, to } = query;
      const byPosition = ({ position }: AuditEntry): string => String(position);
      const fromMs = from === undefined ? undefined : (fromInstant(from) ?? undefined);
      const untilMs = to === undefined ? undefined : (fromInstant(to) ?? undefined);
      const filter = { parkId, actor, action, aggregateId, fromMs, untilMs };
      const page = await readPage('audit', query, byPosition, async (before, limit) =>
        before !== null && !POSITION.test(before)
          ? null
          : auditTrail({ ...filter, before: before === null ? null : Number(before), limit }),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toEntry), next_cursor: page.value.next } };
    },
  });
