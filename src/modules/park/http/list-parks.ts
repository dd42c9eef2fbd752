import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable } from '../../../infrastructure/http/schemas.ts';
import type { LiveOccupancy, ParkCatalogue } from '../application/park-catalogue.ts';
import { Park, parkExample, toPark } from './park-schema.ts';

export const listParksRoute = (catalogue: ParkCatalogue, occupancy: LiveOccupancy) =>
  defineRoute({
    method: 'GET',
    path: '/parks',
    operationId: 'listParks',
    summary: 'The parks of the chain',
    tag: 'parks',
    access: { kind: 'public' },
    responses: {
      200: {
        description: 'All parks by id',
        headers: { Vary: 'Accept-Language' },
        schema: Type.Object({ items: Type.Array(Park), next_cursor: nullable(Type.String()) }),
        example: { items: [parkExample], next_cursor: null },
      },
    },
    problems: [],
    async handle({ language }) {
      const cards = await catalogue.all();
      const people = await occupancy(cards.map((card) => card.parkId));
      const items = cards.map((card, index) => toPark(card, people[index] ?? 0, language));
      return { status: 200, headers: { vary: 'Accept-Language' }, body: { items, next_cursor: null } };
    },
  });
