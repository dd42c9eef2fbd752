import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, instant, nullable, oneOf, pageOf, pageQuery, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type {
  IncidentKey,
  Incidents,
  IncidentView,
  ResolvedIncident,
  ResolveIncident,
} from '../application/incidents.ts';
import { MANAGER_ROLES } from './gate-ticket-schema.ts';

const RESOLUTIONS = ['gate_mistake', 'shared_code', 'wrong_clock', 'other'] as const;

const Resolved = Type.Object({
  at: instant(),
  by: Type.String({ example: 'user:01936f2e-1a2b-7c3d-8e4f-5a6b7c8d9e0f' }),
  resolution: oneOf(RESOLUTIONS),
  note: nullable(Type.String({ description: 'Null once the ticket was erased' })),
});

const Incident = Type.Object(
  {
    id: uuid(),
    ticket_id: uuid(),
    park_id: Type.String({ example: 'ala-archa' }),
    visit_date: date(),
    place: Type.Integer({ description: 'Which place of the party, from 1', example: 1 }),
    status: oneOf(['open', 'resolved']),
    winner: Type.Object(
      {
        scan_id: uuid(),
        scanned_at: instant('Corrected by the node that stored it'),
        node_id: Type.String({ example: 'hq' }),
        gate: Type.String({ example: 'main' }),
      },
      { description: 'The earliest scan. It decides nothing about money, or about the guest' },
    ),
    scan_ids: Type.Array(uuid(), { description: 'All scans by which somebody came in on the place' }),
    noticed_at: instant('When the scan arrived that made it an incident'),
    resolved: nullable(Resolved),
  },
  { $id: 'Incident', description: 'More people came in on a place than the one it is for, while gates were cut off' },
);

const resolvedExample = {
  at: '2026-12-05T09:00:00.000Z',
  by: 'user:01936f2e-1a2b-7c3d-8e4f-5a6b7c8d9e0f',
  resolution: 'gate_mistake',
  note: 'Two gates scanned the same family',
};
const incidentExample = {
  id: '8c9a1e0f-6b7d-5c2a-9f3e-1d2c3b4a5968',
  ticket_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  park_id: 'ala-archa',
  visit_date: '2026-12-05',
  place: 1,
  status: 'resolved',
  winner: {
    scan_id: '01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d',
    scanned_at: '2026-12-05T06:30:00.000Z',
    node_id: 'hq',
    gate: 'main',
  },
  scan_ids: ['01936f2e-9a10-7b11-8c2d-5e6f7a8b9c0d', '01936f2e-9b20-7c22-8d3e-6f7a8b9c0d1e'],
  noticed_at: '2026-12-05T08:10:00.000Z',
  resolved: resolvedExample,
};

const toResolved = ({ atMs, ...words }: ResolvedIncident) => ({ at: toInstant(atMs), ...words });

const toIncident = (view: IncidentView) => ({
  id: view.incidentId,
  ticket_id: view.ticketId,
  park_id: view.parkId,
  visit_date: view.visitDate,
  place: view.place,
  status: view.resolved === null ? ('open' as const) : ('resolved' as const),
  winner: {
    scan_id: view.winner.scanId,
    scanned_at: toInstant(view.winner.scannedAtMs),
    node_id: view.winner.nodeId,
    gate: view.winner.gate,
  },
  scan_ids: view.scanIds,
  noticed_at: toInstant(view.noticedAtMs),
  resolved: view.resolved === null ? null : toResolved(view.resolved),
});

const KEY = /^(\d{1,15})\.(\d{1,4})$/;

function toKey(name: string): IncidentKey | null {
  const [, position, place] = KEY.exec(name) ?? [];
  return position === undefined || place === undefined ? null : { position: Number(position), place: Number(place) };
}

export const listIncidentsRoute = (incidents: Incidents) =>
  defineRoute({
    method: 'GET',
    path: '/admin/incidents',
    operationId: 'listIncidents',
    summary: 'List incidents at gates, newest first',
    description: 'Those of one park; of all parks for who manages all.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: MANAGER_ROLES, parkFrom: 'query.park_id' },
    query: Type.Object({
      park_id: Type.Optional(text(50, { description: 'Slug of the park', example: 'ala-archa' })),
      status: Type.Optional(oneOf(['open', 'resolved'])),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page of incidents',
        schema: pageOf(Incident),
        example: { items: [incidentExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const isResolved = query.status === undefined ? null : query.status === 'resolved';
      const page = await readPage(
        'incidents',
        query,
        ({ key }: IncidentView) => `${key.position}.${key.place}`,
        async (name, limit) => {
          const after = name === null ? null : toKey(name);
          const isBad = name !== null && after === null;
          return isBad ? null : incidents.list({ parkId: query.park_id ?? null, isResolved, after, limit });
        },
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toIncident), next_cursor: page.value.next } };
    },
  });

export const resolveIncidentRoute = (resolve: ResolveIncident, incidents: Incidents) =>
  defineRoute({
    method: 'POST',
    path: '/admin/incidents/:id/resolve',
    operationId: 'resolveIncident',
    summary: 'Say what an incident turned out to be',
    description:
      'Once, at the node whose gates it was at; it moves no money and changes no ticket. A scan that joins the incident later leaves it resolved.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: MANAGER_ROLES, parkFrom: 'resource' },
    stepUp: 'none',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({
      resolution: oneOf(RESOLUTIONS),
      note: text(500, { description: 'Kept sealed, as it may name people', example: resolvedExample.note }),
    }),
    bodyExample: { resolution: 'gate_mistake', note: resolvedExample.note },
    responses: { 200: { description: 'The incident, resolved', schema: Incident, example: incidentExample } },
    problems: ['incident_not_found', 'incident_resolved', 'not_home'],
    async handle({ params, body, principal, correlationId }) {
      const found = await incidents.find(params.id);
      if (found === null || !hasRoleAt(principal, MANAGER_ROLES, found.parkId)) return problem('incident_not_found');
      const done = await resolve(found, body, { actor: principal.actor, correlationId });
      if (!done.ok) return problem(done.refusal.code === 'not_home' ? 'not_home' : 'incident_resolved');
      return { status: 200, body: toIncident({ ...found, resolved: done.value }) };
    },
  });
