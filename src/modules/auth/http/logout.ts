import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { Logout } from '../application/logout.ts';

export const logoutRoute = (logout: Logout) =>
  defineRoute({
    method: 'POST',
    path: '/auth/logout',
    operationId: 'logout',
    summary: 'End this session',
    tag: 'auth',
    access: { kind: 'user' },
    responses: { 204: { description: 'The session has ended' } },
    problems: [],
    async handle({ principal }) {
      await logout.here(principal.sessionId);
      return { status: 204 };
    },
  });
