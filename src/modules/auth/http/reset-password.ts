import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { ResetPassword } from '../application/reset-password.ts';
import { newPassword, tokenPairExample, weakPassword } from './auth-schema.ts';

export const resetPasswordRoute = (resetPassword: ResetPassword) =>
  defineRoute({
    method: 'POST',
    path: '/auth/password/reset',
    operationId: 'resetPassword',
    summary: 'Set a new password by a reset token',
    description: 'Every session of the account ends. A password that is refused leaves the token good.',
    tag: 'auth',
    access: { kind: 'public' },
    limits: ['otp'],
    body: Type.Object({ reset_token: text(200), new_password: newPassword }),
    bodyExample: { reset_token: tokenPairExample.refresh_token, new_password: 'seven yaks in the snow' },
    responses: { 204: { description: 'The new password counts from now on' } },
    problems: ['invalid_reset_token', 'validation_failed', 'busy'],
    async handle({ body }) {
      const done = await resetPassword(body.reset_token, body.new_password);
      if (done.ok) return { status: 204 };
      const { code } = done.refusal;
      return code === 'invalid_reset_token' || code === 'busy' ? problem(code) : weakPassword('new_password', code);
    },
  });
