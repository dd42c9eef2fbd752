import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { AddChild, AddChildRefusal } from '../application/add-child.ts';
import { detailsProblem } from './details-problem.ts';
import { Child, childExample, editedHeaders, NewChildBody, newChildExample, toChild } from './user-schema.ts';

function toProblem(refusal: AddChildRefusal) {
  switch (refusal.code) {
    case 'user_not_found':
      return problem('not_found');
    case 'child_not_found':
      return problem('child_not_found', { detail: 'The child was added before, and removed since.' });
    case 'too_many_children':
      return problem('too_many_children', { detail: `An account holds at most ${refusal.most} children.` });
    default:
      return detailsProblem(refusal);
  }
}

export const addChildRoute = (addChild: AddChild) =>
  defineRoute({
    method: 'POST',
    path: '/users/me/children',
    operationId: 'addChild',
    summary: 'Add a child to the account',
    description: 'Prices go by the age on the day of the visit.',
    tag: 'users',
    access: { kind: 'user' },
    idempotency: 'optional',
    body: NewChildBody,
    bodyExample: newChildExample,
    responses: { 201: { description: 'The child', headers: editedHeaders, schema: Child, example: childExample } },
    problems: ['validation_failed', 'not_found', 'child_not_found', 'too_many_children'],
    async handle({ body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const child = { name: body.name, birthDate: body.birth_date, gender: body.gender ?? null };
      const added = await addChild(principal.userId, child, meta);
      if (!added.ok) return toProblem(added.refusal);
      return { status: 201, headers: { etag: entityTag(added.value.version) }, body: toChild(added.value) };
    },
  });
