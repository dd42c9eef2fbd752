import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { Refresh } from '../application/refresh.ts';
import { TokenPair, tokenPairExample, toTokenPair, wrongField } from './auth-schema.ts';
import { isForged, NEEDS_HEADER, sessionHeaders, setsCookie, shownToken, withTokens } from './session-transport.ts';

export const refreshRoute = (refresh: Refresh) =>
  defineRoute({
    method: 'POST',
    path: '/auth/refresh',
    operationId: 'refresh',
    summary: 'Trade a refresh token for a new pair',
    description:
      'A refresh token is good once. If the answer was lost, the same token may be shown again within 10 seconds; shown later, ' +
      'or after its successor was used, it ends the session. With `X-Session: cookie` the token is read from the cookie; the ' +
      'cookie without this header is refused.',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    headers: sessionHeaders,
    body: Type.Object({ refresh_token: Type.Optional(text(200)) }),
    bodyExample: { refresh_token: tokenPairExample.refresh_token },
    responses: {
      200: { description: 'The next pair', headers: setsCookie, schema: TokenPair, example: tokenPairExample },
    },
    problems: ['unauthorized', 'forbidden', 'validation_failed'],
    async handle({ body, headers }) {
      if (isForged(headers)) return problem('forbidden', { detail: NEEDS_HEADER });
      const token = shownToken(headers, body.refresh_token);
      if (token === null) return wrongField('refresh_token', 'is required, in the body or in the cookie');
      const done = await refresh(token);
      if (done.ok) return { status: 200, ...withTokens(headers, toTokenPair(done.value)) };
      return problem('unauthorized', { detail: 'The refresh token is not valid any more. Please sign in.' });
    },
  });
