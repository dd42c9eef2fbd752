import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { Logout } from '../application/logout.ts';
import { isForged, NEEDS_HEADER, sessionHeaders, withoutCookie } from './session-transport.ts';

export const logoutAllRoute = (logout: Logout) =>
  defineRoute({
    method: 'POST',
    path: '/auth/logout-all',
    operationId: 'logoutAll',
    summary: 'End every session of the account',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'user' },
    headers: sessionHeaders,
    responses: { 204: { description: 'All sessions have ended' } },
    problems: ['forbidden'],
    async handle({ principal, headers }) {
      if (isForged(headers)) return problem('forbidden', { detail: NEEDS_HEADER });
      await logout.everywhere(principal.userId);
      return { status: 204, ...withoutCookie(headers) };
    },
  });
