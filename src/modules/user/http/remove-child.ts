import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { RemoveChild } from '../application/remove-child.ts';

export const removeChildRoute = (removeChild: RemoveChild) =>
  defineRoute({
    method: 'DELETE',
    path: '/users/me/children/:id',
    operationId: 'removeChild',
    summary: 'Remove a child from the account',
    description: 'Tickets that were bought for the child stay valid.',
    tag: 'users',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 204: { description: 'The child is no longer in the account' } },
    problems: ['not_found', 'child_not_found'],
    async handle({ params, principal, correlationId }) {
      const removed = await removeChild(principal.userId, params.id, { actor: principal.actor, correlationId });
      if (removed.ok) return { status: 204 };
      return problem(removed.refusal.code === 'user_not_found' ? 'not_found' : removed.refusal.code);
    },
  });
