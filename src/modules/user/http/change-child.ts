import { Type } from 'typebox';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { ChangeChild, ChangeChildRefusal } from '../application/change-child.ts';
import { detailsProblem } from './details-problem.ts';
import { ChangedChildBody, Child, childExample, editedHeaders, toChild } from './user-schema.ts';

function toProblem(refusal: ChangeChildRefusal) {
  switch (refusal.code) {
    case 'user_not_found':
      return problem('not_found');
    case 'child_not_found':
      return problem('child_not_found');
    case 'version_moved':
      return problem('precondition_failed');
    default:
      return detailsProblem(refusal);
  }
}

export const changeChildRoute = (changeChild: ChangeChild) =>
  defineRoute({
    method: 'PATCH',
    path: '/users/me/children/:id',
    operationId: 'changeChild',
    summary: 'Change what is known about a child',
    description: 'Tickets that were bought keep what was agreed then.',
    tag: 'users',
    access: { kind: 'user' },
    editing: true,
    params: Type.Object({ id: uuid() }),
    body: ChangedChildBody,
    bodyExample: { name: 'Алина' },
    responses: {
      200: { description: 'The child as it is now', headers: editedHeaders, schema: Child, example: childExample },
    },
    problems: ['validation_failed', 'not_found', 'child_not_found', 'precondition_failed'],
    async handle({ params, body, principal, ifMatch, correlationId }) {
      const changes = { name: body.name, birthDate: body.birth_date, gender: body.gender };
      const meta = { actor: principal.actor, correlationId };
      const changed = await changeChild(principal.userId, params.id, ifMatch, changes, meta);
      if (!changed.ok) return toProblem(changed.refusal);
      return { status: 200, headers: { etag: entityTag(changed.value.version) }, body: toChild(changed.value) };
    },
  });
