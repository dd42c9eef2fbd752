import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable } from '../../../infrastructure/http/schemas.ts';
import type { ListKeptApart } from '../application/kept-apart.ts';

const LOOKING = ['manager', 'admin'] as const;

const KeptSegment = Type.Object(
  {
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

const example = {
  node: 'park-ala-archa',
  park_id: 'ala-archa',
  incarnation: '5d0a4c62-9f2e-4f0b-8a55-3a1a3a4c7b10',
  first: 1201,
  last: 1204,
  types: ['TicketCancelled'],
  why: 'foreign_stream: event 1201 is of a stream that node hq writes',
  at: '2026-12-05T06:00:00.000Z',
};

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
    responses: {
      200: {
        description: 'Segments as they were signed',
        schema: Type.Object({ items: Type.Array(KeptSegment) }),
        example: { items: [example] },
      },
    },
    problems: [],
    async handle({ principal }) {
      const shown = (await list()).filter(({ parkId }) => hasRoleAt(principal, LOOKING, parkId));
      const items = shown.map(({ nodeId, parkId, atMs, ...segment }) => ({
        node: nodeId,
        park_id: parkId,
        ...segment,
        types: [...segment.types],
        at: toInstant(atMs),
      }));
      return { status: 200, body: { items } };
    },
  });
