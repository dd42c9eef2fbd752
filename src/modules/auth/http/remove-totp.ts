import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { RemoveTotp } from '../application/remove-factor.ts';

export const removeTotpRoute = (removeTotp: RemoveTotp) =>
  defineRoute({
    method: 'DELETE',
    path: '/auth/second-factor/totp',
    operationId: 'removeTotp',
    summary: 'Use the authenticator app no more',
    description: 'Recovery codes go with the last factor. Every other session of the account ends.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    responses: { 204: { description: 'Its codes are not asked for any more' } },
    problems: ['no_second_factor'],
    async handle({ principal: { userId, sessionId }, correlationId }) {
      const done = await removeTotp({ userId, sessionId, correlationId });
      return done.ok ? { status: 204 } : problem(done.refusal.code);
    },
  });
