import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable } from '../../../infrastructure/http/schemas.ts';
import type { Tiers } from '../application/ports.ts';

const LoyaltyTier = Type.Object(
  {
    name: Type.String({ example: 'explorer' }),
    min_points: Type.Integer({ description: 'Points earned within 12 months from which on the tier holds' }),
    discount_percent: Type.Integer({ description: 'Percent off a ticket' }),
  },
  { $id: 'LoyaltyTier' },
);

export const listTiersRoute = (tiers: Tiers) =>
  defineRoute({
    method: 'GET',
    path: '/loyalty/tiers',
    operationId: 'listLoyaltyTiers',
    summary: 'The tiers and what they give',
    tag: 'loyalty',
    access: { kind: 'user' },
    responses: {
      200: {
        description: 'All tiers, lowest first',
        schema: Type.Object({ items: Type.Array(LoyaltyTier), next_cursor: nullable(Type.String()) }),
        example: { items: [{ name: 'explorer', min_points: 500, discount_percent: 3 }], next_cursor: null },
      },
    },
    problems: [],
    async handle() {
      const items = (await tiers()).map(({ name, minimumPoints, discountPercent }) => ({
        name,
        min_points: minimumPoints,
        discount_percent: discountPercent,
      }));
      return { status: 200, body: { items, next_cursor: null } };
    },
  });
