import { unreachable } from '../../../kernel/assert.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { AddChild, ChildRefusal } from '../application/add-child.ts';
import { Child, childExample, NewChildBody, newChildExample, toChild } from './user-schema.ts';

const wrong = (path: string, message: string) => problem('validation_failed', { errors: [{ path, message }] });

function toProblem(refusal: ChildRefusal) {
  switch (refusal.code) {
    case 'user_not_found':
      return problem('not_found');
    case 'bad_name':
      return wrong('name', 'must have a letter or a digit, and no line ends or control characters');
    case 'no_such_date':
      return wrong('birth_date', 'must be a date that exists');
    case 'born_in_the_future':
      return wrong('birth_date', 'must not be in the future');
    case 'not_a_child':
      return wrong('birth_date', `must be less than ${refusal.belowAge} years ago; grown-ups are not entered`);
    case 'too_many_children':
      return problem('too_many_children', { detail: `An account holds at most ${refusal.most} children.` });
    default:
      return unreachable(refusal, 'refusal of a child');
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
    responses: { 201: { description: 'The child', schema: Child, example: childExample } },
    problems: ['validation_failed', 'not_found', 'too_many_children'],
    async handle({ body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const child = { name: body.name, birthDate: body.birth_date, gender: body.gender ?? null };
      const added = await addChild(principal.userId, child, meta);
      return added.ok ? { status: 201, body: toChild(added.value) } : toProblem(added.refusal);
    },
  });
