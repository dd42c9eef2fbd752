import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { RenewRecoveryCodes } from '../application/recovery-codes.ts';
import { RecoveryCodesBody, recoveryCodesExample } from './second-factor-schema.ts';

export const renewRecoveryCodesRoute = (renewRecoveryCodes: RenewRecoveryCodes) =>
  defineRoute({
    method: 'POST',
    path: '/auth/second-factor/recovery-codes',
    operationId: 'renewRecoveryCodes',
    summary: 'Get new recovery codes',
    description:
      'Ten of them, each good once. Those from before count no more, and every other session of the account ends.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    limits: ['password'],
    responses: { 201: { description: 'The codes', schema: RecoveryCodesBody, example: recoveryCodesExample } },
    problems: ['no_second_factor', 'busy'],
    async handle({ principal: { userId, sessionId }, correlationId }) {
      const done = await renewRecoveryCodes({ userId, sessionId, correlationId });
      return done.ok ? { status: 201, body: { recovery_codes: done.value } } : problem(done.refusal.code);
    },
  });
