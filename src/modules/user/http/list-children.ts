import { Type } from 'typebox';
import { pageOfAll, readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Children } from '../application/children.ts';
import { Child, childExample, toChild } from './user-schema.ts';

export const listChildrenRoute = (children: Children) =>
  defineRoute({
    method: 'GET',
    path: '/users/me/children',
    operationId: 'listChildren',
    summary: 'The children in the account, oldest entry first',
    tag: 'users',
    access: { kind: 'user' },
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of children',
        schema: pageOf(Child),
        example: { items: [childExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal }) {
      const all = await children.of(principal.userId);
      const byId = ({ childId }: (typeof all)[number]): string => childId;
      const page = await readPage('children', query, byId, pageOfAll(all, byId));
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toChild), next_cursor: page.value.next } };
    },
  });
