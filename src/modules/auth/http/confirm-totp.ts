import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { ConfirmTotp } from '../application/enrol-totp.ts';
import { tooMany } from './auth-schema.ts';
import { accessTokenExample, FactorEnrolledBody, recoveryCodesExample, totpCode } from './second-factor-schema.ts';

export const confirmTotpRoute = (confirmTotp: ConfirmTotp) =>
  defineRoute({
    method: 'POST',
    path: '/auth/second-factor/totp/confirm',
    operationId: 'confirmTotp',
    summary: 'Have the authenticator app count',
    description:
      'From then on signing in asks for its codes, or for another factor of the account. Every other session of the account ends. Recovery codes are ' +
      'answered when it is the first factor, else there are none, and those of before still count.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    body: Type.Object({ code: totpCode() }),
    bodyExample: { code: '287082' },
    responses: {
      200: {
        description: 'An access token of two factors, and recovery codes with the first of them',
        schema: FactorEnrolledBody,
        example: { ...recoveryCodesExample, ...accessTokenExample },
      },
    },
    problems: ['wrong_second_factor', 'validation_failed', 'busy', 'rate_limited'],
    async handle({ body, principal: { userId, sessionId }, clientAddress: address, correlationId }) {
      const done = await confirmTotp({ userId, sessionId, code: body.code, address, correlationId });
      if (done.ok) {
        const { recoveryCodes, accessToken, expiresInSeconds } = done.value;
        return {
          status: 200,
          body: { recovery_codes: [...recoveryCodes], access_token: accessToken, expires_in: expiresInSeconds },
        };
      }
      const { refusal } = done;
      return refusal.code === 'rate_limited' ? tooMany(refusal) : problem(refusal.code);
    },
  });
