import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { Logout } from '../application/logout.ts';
import { isForged, NEEDS_HEADER, sessionHeaders, withoutCookie } from './session-transport.ts';

export const logoutRoute = (logout: Logout) =>
  defineRoute({
    method: 'POST',
    path: '/auth/logout',
    operationId: 'logout',
    summary: 'End this session',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'user' },
    headers: sessionHeaders,
    responses: { 204: { description: 'The session has ended' } },
    problems: ['forbidden'],
    async handle({ principal, headers }) {
      if (isForged(headers)) return problem('forbidden', { detail: NEEDS_HEADER });
      await logout.here(principal.sessionId);
      return { status: 204, ...withoutCookie(headers) };
    },
  });
