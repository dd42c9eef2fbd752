import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Children } from '../application/children.ts';
import { Child, childExample, toChild } from './user-schema.ts';

const DEFAULT_LIMIT = 20;

const cursorAfter = (childId: string): string => Buffer.from(`child:${childId}`).toString('base64url');

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
    async handle({ query: { limit = DEFAULT_LIMIT, cursor }, principal }) {
      const all = await children.of(principal.userId);
      const start = cursor === undefined ? 0 : all.findIndex(({ childId }) => cursorAfter(childId) === cursor) + 1;
      if (cursor !== undefined && start === 0) {
        return problem('validation_failed', { errors: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
      }
      const page = all.slice(start, start + limit);
      const last = page.at(-1);
      const next = last !== undefined && last !== all.at(-1) ? cursorAfter(last.childId) : null;
      return { status: 200, body: { items: page.map(toChild), next_cursor: next } };
    },
  });
