import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { StepUp } from '../application/step-up.ts';
import { LONGEST_PASSWORD, tooMany, wrongField } from './auth-schema.ts';
import { AccessTokenBody, accessTokenExample, hasSeveralProofs, proofFields, proofOf } from './second-factor-schema.ts';

export const stepUpRoute = (stepUp: StepUp) =>
  defineRoute({
    method: 'POST',
    path: '/auth/step-up',
    operationId: 'stepUp',
    summary: 'Show once more that it is you',
    description:
      'What needs a fresh proof is refused with 403 `step_up_required` until then: send the password, and the second factor when the ' +
      'account has one, and repeat the request with the access token that is answered. Which of the two was wrong is not said.',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'user' },
    limits: ['password'],
    body: Type.Object({ password: text(LONGEST_PASSWORD), ...proofFields }),
    bodyExample: { password: 'correct horse battery', code: '287082' },
    responses: {
      200: {
        description: 'An access token that counts as fresh',
        schema: AccessTokenBody,
        example: accessTokenExample,
      },
    },
    problems: ['not_proven', 'validation_failed', 'busy', 'rate_limited'],
    async handle({ body, principal, clientAddress: address, correlationId }) {
      if (hasSeveralProofs(body)) return wrongField('code', 'or recovery_code or passkey is needed, one of them');
      const { userId, sessionId } = principal;
      const { password } = body;
      const done = await stepUp({ userId, sessionId, password, proof: proofOf(body), address, correlationId });
      if (done.ok) {
        const { accessToken, expiresInSeconds } = done.value;
        return { status: 200, body: { access_token: accessToken, expires_in: expiresInSeconds } };
      }
      const { refusal } = done;
      return refusal.code === 'rate_limited' ? tooMany(refusal) : problem(refusal.code);
    },
  });
