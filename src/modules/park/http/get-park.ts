import { Type } from 'typebox';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { LiveOccupancy, ParkCatalogue } from '../application/park-catalogue.ts';
import { parkExample } from './park-examples.ts';
import { Park, parkId, toPark } from './park-schema.ts';

export const getParkRoute = (catalogue: ParkCatalogue, occupancy: LiveOccupancy) =>
  defineRoute({
    method: 'GET',
    path: '/parks/:id',
    operationId: 'getPark',
    summary: 'One park',
    tag: 'parks',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    params: Type.Object({ id: parkId }),
    responses: {
      200: {
        description: 'The park',
        headers: { ETag: 'Version of the park, for If-Match', Vary: 'Accept-Language' },
        schema: Park,
        example: parkExample,
      },
    },
    problems: ['park_not_found'],
    async handle({ params, language }) {
      const card = await catalogue.find(params.id);
      if (card === null) return problem('park_not_found');
      const [people = 0] = await occupancy([card.parkId]);
      return {
        status: 200,
        headers: { etag: entityTag(card.version), vary: 'Accept-Language' },
        body: toPark(card, people, language),
      };
    },
  });
