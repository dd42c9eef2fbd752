import { Type } from 'typebox';
import { pageOfAll, readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { FindFigures, Tier } from '../application/ports.ts';
import { LoyaltyTier, tierExamples, toTierItem } from './tier-schema.ts';

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
        example: { items: tierExamples, next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const byName = ({ name }: Tier): string => name;
      const { tiers } = await findFigures();
      const page = await readPage('tiers', query, byName, pageOfAll(tiers, byName));
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toTierItem), next_cursor: page.value.next } };
    },
  });
