import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { RequestCode } from '../application/request-code.ts';
import { badPhone, codePurpose, phone, tooMany } from './auth-schema.ts';

export const requestCodeRoute = (requestCode: RequestCode) =>
  defineRoute({
    method: 'POST',
    path: '/auth/otp',
    operationId: 'requestCode',
    summary: 'Ask for a one-time code by SMS',
    description:
      'The answer is the same whether an account has the number or not. A code has six digits, counts for 5 minutes, for this ' +
      'number and purpose, and replaces the one before; five wrong tries end it.',
    tag: 'auth',
    access: { kind: 'public' },
    limits: ['otp'],
    body: Type.Object({ phone, purpose: codePurpose }),
    bodyExample: { phone: '0555 123 456', purpose: 'verify' },
    responses: { 202: { description: 'If an account has the number, a code is on its way' } },
    problems: ['validation_failed', 'rate_limited', 'codes_unavailable'],
    async handle({ body, clientAddress: address }) {
      const done = await requestCode({ ...body, address });
      if (done.ok) return { status: 202 };
      const { refusal } = done;
      if (refusal.code === 'rate_limited') return tooMany(refusal);
      return refusal.code === 'bad_phone' ? badPhone() : problem(refusal.code);
    },
  });
