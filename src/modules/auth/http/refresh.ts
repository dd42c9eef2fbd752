import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { Refresh } from '../application/refresh.ts';
import { TokenPair, tokenPairExample, toTokenPair } from './auth-schema.ts';

export const refreshRoute = (refresh: Refresh) =>
  defineRoute({
    method: 'POST',
    path: '/auth/refresh',
    operationId: 'refresh',
    summary: 'Trade a refresh token for a new pair',
    description:
      'A refresh token is good once. If the answer was lost, the same token may be shown again within 10 seconds; shown later, ' +
      'or after its successor was used, it ends the session.',
    tag: 'auth',
    access: { kind: 'public' },
    body: Type.Object({ refresh_token: text(200) }),
    bodyExample: { refresh_token: tokenPairExample.refresh_token },
    responses: { 200: { description: 'The next pair', schema: TokenPair, example: tokenPairExample } },
    problems: ['unauthorized'],
    async handle({ body }) {
      const done = await refresh(body.refresh_token);
      if (done.ok) return { status: 200, body: toTokenPair(done.value) };
      return problem('unauthorized', { detail: 'The refresh token is not valid any more. Please sign in.' });
    },
  });
