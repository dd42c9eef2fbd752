import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Tier, Tiers } from '../application/ports.ts';

const DEFAULT_LIMIT = 20;

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

const cursorAfter = (name: string): string => Buffer.from(`tier:${name}`).toString('base64url');

export const listTiersRoute = (tiers: Tiers) =>
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
    async handle({ query: { limit = DEFAULT_LIMIT, cursor } }) {
      const all = await tiers();
      const start = cursor === undefined ? 0 : all.findIndex(({ name }) => cursorAfter(name) === cursor) + 1;
      if (cursor !== undefined && start === 0) {
        return problem('validation_failed', { errors: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
      }
      const page = all.slice(start, start + limit);
      const last = page.at(-1);
      const next = last !== undefined && last !== all.at(-1) ? cursorAfter(last.name) : null;
      return { status: 200, body: { items: page.map(toItem), next_cursor: next } };
    },
  });
