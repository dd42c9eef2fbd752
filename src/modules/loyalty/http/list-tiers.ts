import { Type } from 'typebox';
import { pageOfAll, readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { FindFigures, Tier } from '../application/ports.ts';

const LoyaltyTier = Type.Object(
  {
    name: Type.String({ example: 'explorer' }),
    min_points: Type.Integer({ description: 'Points earned within 12 months from which on the tier holds' }),
    discount_percent: Type.Integer({ description: 'Percent off a ticket' }),
  },
  { $id: 'LoyaltyTier' },
);

const toItem = ({ name, minimumPoints, discountPercent }: Tier) => ({
  name,
  min_points: minimumPoints,
  discount_percent: discountPercent,
});

export const listTiersRoute = (findFigures: FindFigures) =>
  defineRoute({
    method: 'GET',
    path: '/loyalty/tiers',
    operationId: 'listLoyaltyTiers',
    summary: 'The tiers and what they give, lowest first',
    tag: 'loyalty',
    access: { kind: 'user' },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of tiers',
        schema: pageOf(LoyaltyTier),
        example: { items: [{ name: 'explorer', min_points: 500, discount_percent: 3 }], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const byName = ({ name }: Tier): string => name;
      const { tiers } = await findFigures();
      const page = await readPage('tiers', query, byName, pageOfAll(tiers, byName));
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toItem), next_cursor: page.value.next } };
    },
  });
