import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { instant, nullable, pageOf, pageQuery, text } from '../../../infrastructure/http/schemas.ts';
import type { KeptAtPark, ListKeptApart } from '../application/kept-apart.ts';
import type { ParkOfKept, SettleKept } from '../application/settle-kept.ts';

const LOOKING = ['manager', 'admin'] as const;

const KeptSegment = Type.Object(
  {
    id: Type.String({ description: 'UUID of the segment, by which it is released or discarded' }),
    node: Type.String({ description: 'Who signed it' }),
    park_id: nullable(Type.String({ description: 'Slug of the park of the node' })),
    incarnation: Type.String({ description: 'The life of the log of the node' }),
    first: Type.Integer({ description: 'Number of its first event' }),
    last: Type.Integer({ description: 'Number of its last event' }),
    types: Type.Array(Type.String(), { description: 'Types of its events, each once' }),
    why: Type.String({ description: 'What is wrong with it, for a person' }),
    at: instant('When it came first'),
  },
  { $id: 'KeptSegment', description: 'Events that a node handed over and headquarters does not take' },
);

const ID = '0f6a9f5e-6d2b-5a51-9a4e-8f4bb6f2f0c3';

const example = {
  id: ID,
  node: 'park-ala-archa',
  park_id: 'ala-archa',
  incarnation: '5d0a4c62-9f2e-4f0b-8a55-3a1a3a4c7b10',
  first: 1201,
  last: 1204,
  types: ['TicketCancelled'],
  why: 'foreign_stream: event 1201 is of a stream that node hq writes',
  at: '2026-12-05T06:00:00.000Z',
};

const toItem = ({ nodeId, parkId, atMs, types, ...segment }: KeptAtPark) => ({
  node: nodeId,
  park_id: parkId,
  ...segment,
  types: [...types],
  at: toInstant(atMs),
});

export const listKeptApartRoute = (list: ListKeptApart) =>
  defineRoute({
    method: 'GET',
    path: '/admin/quarantine',
    operationId: 'listQuarantine',
    summary: 'What headquarters did not take from nodes, oldest first',
    description:
      'Of the parks that one manages; of all for who manages all. All that the node wrote after it waits behind it. What the events say is not shown.',
    tag: 'admin',
    access: { kind: 'roles', roles: LOOKING },
    query: Type.Object({
      park_id: Type.Optional(Type.String({ maxLength: 50, description: 'Of this park alone', example: 'ala-archa' })),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'Segments as they were signed',
        schema: pageOf(KeptSegment),
        example: { items: [example], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal }) {
      const isForAll = hasRoleAt(principal, LOOKING, null);
      const { park_id: wanted } = query;
      const mayLook = (parkId: string): boolean => isForAll || hasRoleAt(principal, LOOKING, parkId);
      const showsPark =
        isForAll && wanted === undefined
          ? null
          : (parkId: string) => mayLook(parkId) && (wanted === undefined || parkId === wanted);
      const byId = ({ id }: KeptAtPark): string => id;
      const page = await readPage('quarantine', query, byId, (after, limit) => list({ showsPark, after, limit }));
      if (!page.ok) return page.refusal;
      const { items, next } = page.value;
      return { status: 200, body: { items: items.map(toItem), next_cursor: next } };
    },
  });

type Settlers = { readonly settleKept: SettleKept; readonly parkOfKept: ParkOfKept };

type Words = {
  readonly how: Parameters<SettleKept>[0]['how'];
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly reason: string;
};

const settleRoute = ({ how, path, reason, ...words }: Words, { settleKept, parkOfKept }: Settlers) =>
  defineRoute({
    ...words,
    method: 'POST',
    path: `/admin/quarantine/:id/${path}`,
    tag: 'admin',
    access: { kind: 'roles', roles: LOOKING },
    stepUp: 'none',
    params: Type.Object({
      id: Type.String({ format: 'uuid', maxLength: 36, description: 'UUID of the segment', example: ID }),
    }),
    body: Type.Object({ reason: text(500, { description: 'Why, for the audit trail' }) }),
    bodyExample: { reason },
    responses: { 204: { description: 'Done, now or before' } },
    problems: [
      'kept_segment_not_found',
      'kept_segment_settled',
      'kept_segment_not_taken',
      'kept_segment_awaited',
      'validation_failed',
    ],
    async handle({ params, body, principal, correlationId }) {
      const parkId = await parkOfKept(params.id);
      if (parkId === undefined || !hasRoleAt(principal, LOOKING, parkId)) return problem('kept_segment_not_found');
      const settlement = { segmentId: params.id, how, reason: body.reason };
      const settled = await settleKept(settlement, { actor: principal.actor, correlationId });
      if (settled.ok) return { status: 204 };
      const { refusal } = settled;
      return refusal.code === 'kept_segment_not_taken'
        ? problem(refusal.code, { detail: refusal.why })
        : problem(refusal.code);
    },
  });

export const releaseKeptRoute = (settlers: Settlers) =>
  settleRoute(
    {
      how: 'released',
      path: 'release',
      operationId: 'releaseKeptSegment',
      summary: 'Take a segment that was kept apart, once its cause is mended',
      description:
        'It is checked again by the rules of now, and stored if nothing speaks against it; nobody can have it stored against them. ' +
        'What the node wrote after it comes with its next push. Told twice it is done once. Who decided so, and why, is in the audit trail.',
      reason: 'Headquarters was upgraded and knows the type now',
    },
    settlers,
  );

export const discardKeptRoute = (settlers: Settlers) =>
  settleRoute(
    {
      how: 'discarded',
      path: 'discard',
      operationId: 'discardKeptSegment',
      summary: 'Give up a segment that was kept apart and that nothing waits for',
      description:
        'Of a copy of a node, of a node that was revoked or enrolled again, or one whose place another segment took. One that the log of ' +
        'its node can go on by only is not given up: revoke the node or enrol it again before. It stays in the database and is shown ' +
        'no more. Told twice it is done once. Who decided so, and why, is in the audit trail.',
      reason: 'Written by the copy that was switched off',
    },
    settlers,
  );
