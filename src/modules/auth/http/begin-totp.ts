import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { BeginTotp } from '../application/enrol-totp.ts';

const TotpSecretBody = Type.Object(
  {
    secret: Type.String({ description: 'In base32, for typing into the app' }),
    uri: Type.String({ description: 'The same as `otpauth://` address, for a QR code' }),
  },
  { $id: 'TotpSecret' },
);

const example = {
  secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  uri: 'otpauth://totp/Sky%20Park:%2B996555123456?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sky%20Park&algorithm=SHA1&digits=6&period=30',
};

export const beginTotpRoute = (beginTotp: BeginTotp) =>
  defineRoute({
    method: 'POST',
    path: '/auth/second-factor/totp',
    operationId: 'beginTotp',
    summary: 'Begin to use an authenticator app',
    description:
      'Makes a secret for an app after RFC 6238 (30 s, six digits, SHA-1). It is shown only now, and counts for nothing before a code ' +
      'of it was confirmed, within 15 minutes.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    responses: { 201: { description: 'The secret', schema: TotpSecretBody, example } },
    problems: ['second_factor_exists', 'user_not_found'],
    async handle({ principal }) {
      const done = await beginTotp(principal.userId);
      return done.ok ? { status: 201, body: done.value } : problem(done.refusal.code);
    },
  });
