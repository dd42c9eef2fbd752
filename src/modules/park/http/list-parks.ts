import { Type } from 'typebox';
import { pageOfAll, readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { LiveOccupancy, ParkCard, ParkCatalogue } from '../application/park-catalogue.ts';
import { parkExample } from './park-examples.ts';
import { Park, toPark } from './park-schema.ts';

export const listParksRoute = (catalogue: ParkCatalogue, occupancy: LiveOccupancy) =>
  defineRoute({
    method: 'GET',
    path: '/parks',
    operationId: 'listParks',
    summary: 'The parks of the chain',
    tag: 'parks',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'All parks by id',
        headers: { Vary: 'Accept-Language' },
        schema: pageOf(Park),
        example: { items: [parkExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, language }) {
      const byId = ({ parkId }: ParkCard): string => parkId;
      const page = await readPage('parks', query, byId, pageOfAll(await catalogue.all(), byId));
      if (!page.ok) return page.refusal;
      const people = await occupancy(page.value.items.map(byId));
      const items = page.value.items.map((card, index) => toPark(card, people[index] ?? 0, language));
      return { status: 200, headers: { vary: 'Accept-Language' }, body: { items, next_cursor: page.value.next } };
    },
  });
