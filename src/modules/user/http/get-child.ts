import { Type } from 'typebox';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import { childOf, type Children } from '../application/children.ts';
import { Child, childExample, editedHeaders, toChild } from './user-schema.ts';

export const getChildRoute = (children: Children) =>
  defineRoute({
    method: 'GET',
    path: '/users/me/children/:id',
    operationId: 'getChild',
    summary: 'One child, with the version to edit',
    tag: 'users',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 200: { description: 'The child', headers: editedHeaders, schema: Child, example: childExample } },
    problems: ['child_not_found'],
    async handle({ params, principal }) {
      const child = await childOf(children, principal.userId, params.id);
      if (child === null) return problem('child_not_found');
      return { status: 200, headers: { etag: entityTag(child.version) }, body: toChild(child) };
    },
  });
