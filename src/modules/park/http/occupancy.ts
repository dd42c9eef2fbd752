import { Type } from 'typebox';
import type { StreamEvent } from '../../../infrastructure/http/event-source.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant } from '../../../infrastructure/http/schemas.ts';
import type { ParkOccupancy, ReadOccupancy, WatchOccupancy } from '../application/occupancy.ts';
import { parkId } from './park-schema.ts';

const Occupancy = Type.Object(
  {
    current: Type.Integer({ minimum: 0, description: 'People inside' }),
    capacity: Type.Integer({ minimum: 1, description: 'Most people inside at once' }),
    as_of: instant('When they were counted'),
    nodes_behind: Type.Integer({
      minimum: 0,
      description: 'Nodes of the park that were not heard for a minute: their newest scans are not counted yet',
    }),
  },
  { $id: 'Occupancy' },
);

const example = { current: 42, capacity: 300, as_of: '2026-12-05T06:00:00.000Z', nodes_behind: 0 };

const toOccupancy = ({ people, capacity, asOfMs, nodesBehind }: ParkOccupancy) => ({
  current: people,
  capacity,
  as_of: toInstant(asOfMs),
  nodes_behind: nodesBehind,
});

const ofPark = { method: 'GET', tag: 'parks', servedAt: 'everywhere', access: { kind: 'public' } } as const;
const params = Type.Object({ id: parkId });

export const getOccupancyRoute = (readOccupancy: ReadOccupancy) =>
  defineRoute({
    ...ofPark,
    path: '/parks/:id/occupancy',
    operationId: 'getOccupancy',
    summary: 'How full a park is',
    params,
    responses: { 200: { description: 'As counted now', schema: Occupancy, example } },
    problems: ['park_not_found'],
    async handle({ params: { id } }) {
      const read = await readOccupancy(id);
      return read === null ? problem('park_not_found') : { status: 200, body: toOccupancy(read) };
    },
  });

async function* eventsOf(
  occupancies: AsyncIterable<ParkOccupancy | null>,
): AsyncGenerator<StreamEvent<ReturnType<typeof toOccupancy>>> {
  for await (const occupancy of occupancies) if (occupancy !== null) yield { data: toOccupancy(occupancy) };
}

export const streamOccupancyRoute = (readOccupancy: ReadOccupancy, watchOccupancy: WatchOccupancy) =>
  defineRoute({
    ...ofPark,
    path: '/parks/:id/occupancy/stream',
    operationId: 'streamOccupancy',
    summary: 'How full a park is, as it changes',
    description:
      'The first event comes at once and says all there is to know, so nothing is missed by connecting again.',
    params,
    responses: { 200: { description: 'An event whenever a figure changed', events: Occupancy, example } },
    problems: ['park_not_found'],
    async handle({ params: { id } }) {
      if ((await readOccupancy(id)) === null) return problem('park_not_found');
      return { status: 200, events: (leaving) => eventsOf(watchOccupancy(id, leaving)) };
    },
  });
