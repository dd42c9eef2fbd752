import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { Attempt } from '../application/attempts.ts';
import type { ChangePassword } from '../application/change-password.ts';
import { LONGEST_PASSWORD, newPassword, tooMany, weakPassword } from './auth-schema.ts';

export const changePasswordRoute = (changePassword: ChangePassword, attempt: Attempt) =>
  defineRoute({
    method: 'POST',
    path: '/auth/password',
    operationId: 'changePassword',
    summary: 'Change your password',
    description: 'Every other session of the account ends.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    body: Type.Object({ current_password: text(LONGEST_PASSWORD), new_password: newPassword }),
    bodyExample: { current_password: 'correct horse battery', new_password: 'seven yaks in the snow' },
    responses: { 204: { description: 'The new password counts from now on' } },
    problems: ['wrong_password', 'validation_failed', 'busy', 'rate_limited'],
    async handle({ body, principal, clientAddress }) {
      const allowed = await attempt('password', principal.userId, clientAddress);
      if (!allowed.ok) return tooMany(allowed.refusal);
      const done = await changePassword({
        userId: principal.userId,
        sessionId: principal.sessionId,
        currentPassword: body.current_password,
        newPassword: body.new_password,
      });
      if (done.ok) return { status: 204 };
      const { code } = done.refusal;
      return code === 'wrong_password' || code === 'busy' ? problem(code) : weakPassword('new_password', code);
    },
  });
