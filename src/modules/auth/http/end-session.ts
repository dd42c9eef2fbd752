import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { Logout } from '../application/logout.ts';

export const endSessionRoute = (logout: Logout) =>
  defineRoute({
    method: 'DELETE',
    path: '/auth/sessions/:id',
    operationId: 'endSession',
    summary: 'Sign one of your devices out',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 204: { description: 'The session has ended' } },
    problems: ['not_found'],
    async handle({ params, principal }) {
      return (await logout.there(principal.userId, params.id)) ? { status: 204 } : problem('not_found');
    },
  });
