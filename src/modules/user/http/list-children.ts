import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable } from '../../../infrastructure/http/schemas.ts';
import type { Children } from '../application/children.ts';
import { Child, childExample, toChild } from './user-schema.ts';

export const listChildrenRoute = (children: Children) =>
  defineRoute({
    method: 'GET',
    path: '/users/me/children',
    operationId: 'listChildren',
    summary: 'The children in the account',
    tag: 'users',
    access: { kind: 'user' },
    responses: {
      200: {
        description: 'All children, oldest entry first',
        schema: Type.Object({ items: Type.Array(Child), next_cursor: nullable(Type.String()) }),
        example: { items: [childExample], next_cursor: null },
      },
    },
    problems: [],
    async handle({ principal }) {
      const items = (await children.of(principal.userId)).map(toChild);
      return { status: 200, body: { items, next_cursor: null } };
    },
  });
