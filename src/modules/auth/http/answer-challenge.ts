import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { AnswerChallenge } from '../application/answer-challenge.ts';
import { factorAskedExample, SignedInBody, signedInExample, tooMany, toSignedIn, wrongField } from './auth-schema.ts';
import { proofFields, proofOf } from './second-factor-schema.ts';
import { sessionHeaders, setsCookie, userAgentOf, withTokens } from './session-transport.ts';

export const answerChallengeRoute = (answerChallenge: AnswerChallenge) =>
  defineRoute({
    method: 'POST',
    path: '/auth/login/second-factor',
    operationId: 'answerChallenge',
    summary: 'Sign in: show the second factor',
    description:
      'Ends a sign-in that was answered with 202. A wrong code, one of another time and one that was used are refused in the ' +
      'same words. After five tries, or 5 minutes, the password has to be shown again.',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    headers: sessionHeaders,
    limits: ['login'],
    body: Type.Object({ challenge: text(200), ...proofFields }),
    bodyExample: { challenge: factorAskedExample.challenge, code: '287082' },
    responses: {
      200: {
        description: 'The account and new tokens',
        headers: setsCookie,
        schema: SignedInBody,
        example: signedInExample,
      },
    },
    problems: ['invalid_second_factor', 'challenge_over', 'validation_failed', 'busy', 'rate_limited'],
    async handle({ body, headers, clientAddress: address, correlationId }) {
      const proof = proofOf(body);
      if (proof === null) return wrongField('code', 'or recovery_code or passkey is needed, one of them');
      const { challenge } = body;
      const done = await answerChallenge({ challenge, proof, address, userAgent: userAgentOf(headers), correlationId });
      if (done.ok) return { status: 200, ...withTokens(headers, toSignedIn(done.value)) };
      const { refusal } = done;
      return refusal.code === 'rate_limited' ? tooMany(refusal) : problem(refusal.code);
    },
  });
