import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { Logout } from '../application/logout.ts';

export const logoutAllRoute = (logout: Logout) =>
  defineRoute({
    method: 'POST',
    path: '/auth/logout-all',
    operationId: 'logoutAll',
    summary: 'End every session of the account',
    tag: 'auth',
    access: { kind: 'user' },
    responses: { 204: { description: 'All sessions have ended' } },
    problems: [],
    async handle({ principal }) {
      await logout.everywhere(principal.userId);
      return { status: 204 };
    },
  });
