import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { FindFigures } from '../application/ports.ts';
import { figuresAnswer, toFiguresBody } from './figures-schema.ts';

export const getFiguresRoute = (findFigures: FindFigures) =>
  defineRoute({
    method: 'GET',
    path: '/admin/loyalty/tiers',
    operationId: 'getLoyaltyFigures',
    summary: 'The tiers and all other figures of the loyalty programme',
    tag: 'loyalty',
    access: { kind: 'roles', roles: ['manager', 'finance', 'admin'] },
    responses: { 200: figuresAnswer },
    problems: [],
    async handle() {
      const figures = await findFigures();
      return { status: 200, headers: { etag: entityTag(figures.version) }, body: toFiguresBody(figures) };
    },
  });
