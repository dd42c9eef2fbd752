import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, nullable } from '../../../infrastructure/http/schemas.ts';
import type { ShowStanding } from '../application/show-standing.ts';

const Loyalty = Type.Object(
  {
    points: Type.Integer({ description: 'Points that can be spent, 1 point for 1 som' }),
    debt: Type.Integer({ description: 'Points that a refund took back and that later visits earn first' }),
    tier: Type.String({ description: 'By the points earned in the last 12 months', example: 'explorer' }),
    next_tier: nullable(Type.String({ description: 'Null on the highest tier' })),
    points_to_next_tier: nullable(Type.Integer()),
    expiring: Type.Array(Type.Object({ points: Type.Integer(), expires_at: instant() }), {
      description: 'Points that lapse within 90 days, soonest first',
    }),
  },
  { $id: 'Loyalty' },
);

export const getLoyaltyRoute = (showStanding: ShowStanding) =>
  defineRoute({
    method: 'GET',
    path: '/loyalty',
    operationId: 'getLoyalty',
    summary: 'My points and tier',
    tag: 'loyalty',
    access: { kind: 'user' },
    responses: {
      200: {
        description: 'Points and tier',
        schema: Loyalty,
        example: {
          points: 620,
          debt: 0,
          tier: 'explorer',
          next_tier: 'adventurer',
          points_to_next_tier: 1380,
          expiring: [{ points: 70, expires_at: '2027-01-04T05:12:00.000Z' }],
        },
      },
    },
    problems: [],
    async handle({ principal }) {
      const { points, debt, tier, next, expiring } = await showStanding(principal.userId);
      const body = {
        points,
        debt,
        tier: tier.name,
        next_tier: next?.tier.name ?? null,
        points_to_next_tier: next?.pointsMissing ?? null,
        expiring: expiring.map((lapse) => ({ points: lapse.points, expires_at: toInstant(lapse.expiresAtMs) })),
      };
      return { status: 200, body };
    },
  });
