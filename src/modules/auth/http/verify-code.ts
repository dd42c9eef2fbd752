import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { VerifyCode } from '../application/verify-code.ts';
import {
  badPhone,
  CodeAccepted,
  codePurpose,
  factorAskedAnswer,
  phone,
  signedInExample,
  tooMany,
  toFactorAsked,
  toSignedIn,
} from './auth-schema.ts';
import { sessionHeaders, setsCookie, userAgentOf, withTokens } from './session-transport.ts';

export const verifyCodeRoute = (verifyCode: VerifyCode) =>
  defineRoute({
    method: 'POST',
    path: '/auth/otp/verify',
    operationId: 'verifyCode',
    summary: 'Show a one-time code',
    description:
      'For `login` and `verify` the answer is what signing in answers, for `reset` it is a `reset_token`, good once for 15 ' +
      'minutes. The number counts as verified from then on. Send the access token when a signed-in guest verifies. Without it ' +
      'nobody knows who opened an account whose number was never verified: if it never had a ticket, it is closed with all ' +
      'that is in it and the number is free to register (409 `number_released`); if it had, or is of staff, nothing changes ' +
      'and only who is signed in as it can verify (403 `proof_needs_sign_in`).',
    tag: 'auth',
    access: { kind: 'public', token: 'optional' },
    limits: ['otp'],
    headers: sessionHeaders,
    body: Type.Object({
      phone,
      code: Type.String({ pattern: '^\\d{6}$', maxLength: 6, description: 'Six digits', example: '042137' }),
      purpose: codePurpose,
    }),
    bodyExample: { phone: '0555 123 456', code: '042137', purpose: 'verify' },
    responses: {
      200: {
        description: 'Tokens, or a reset token',
        headers: setsCookie,
        schema: CodeAccepted,
        example: signedInExample,
      },
      202: factorAskedAnswer,
    },
    problems: ['invalid_code', 'number_released', 'proof_needs_sign_in', 'validation_failed', 'rate_limited'],
    async handle({ body, headers, principal, clientAddress: address, correlationId }) {
      const callerId = principal?.kind === 'user' ? principal.userId : null;
      const userAgent = userAgentOf(headers);
      const done = await verifyCode({ ...body, address, callerId, userAgent, correlationId });
      if (done.ok) {
        switch (done.value.kind) {
          case 'may_reset':
            return { status: 200, body: { reset_token: done.value.resetToken } };
          case 'factor_asked':
            return toFactorAsked(done.value);
          case 'signed_in':
            return { status: 200, ...withTokens(headers, toSignedIn(done.value.signedIn)) };
        }
      }
      const { refusal } = done;
      if (refusal.code === 'rate_limited') return tooMany(refusal);
      return refusal.code === 'bad_phone' ? badPhone() : problem(refusal.code);
    },
  });
