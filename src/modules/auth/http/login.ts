import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { LoginFailed } from '../application/attempts.ts';
import type { Login } from '../application/login.ts';
import {
  badPhone,
  factorAskedAnswer,
  type Limits,
  tooMany,
  LONGEST_PASSWORD,
  phone,
  SignedInBody,
  signedInExample,
  toFactorAsked,
  toSignedIn,
} from './auth-schema.ts';
import { sessionHeaders, setsCookie, userAgentOf, withTokens } from './session-transport.ts';

export const loginRoute = (
  login: Login,
  { attempt, loginFailed, parsePhone }: Limits & { readonly loginFailed: LoginFailed },
) =>
  defineRoute({
    method: 'POST',
    path: '/auth/login',
    operationId: 'login',
    summary: 'Sign in',
    description: 'A wrong password and an unknown phone are refused in the same words and in the same time.',
    tag: 'auth',
    servedAt: 'everywhere',
    access: { kind: 'public' },
    headers: sessionHeaders,
    limits: ['login'],
    body: Type.Object({ phone, password: text(LONGEST_PASSWORD) }),
    bodyExample: { phone: '0555 123 456', password: 'correct horse battery' },
    responses: {
      200: {
        description: 'The account and new tokens',
        headers: setsCookie,
        schema: SignedInBody,
        example: signedInExample,
      },
      202: factorAskedAnswer,
    },
    problems: ['invalid_credentials', 'validation_failed', 'busy', 'rate_limited'],
    async handle({ body, headers, clientAddress }) {
      const number = parsePhone(body.phone);
      if (number === null) return badPhone();
      const allowed = await attempt('login', number, clientAddress);
      if (!allowed.ok) return tooMany(allowed.refusal);
      const done = await login(body.phone, body.password, userAgentOf(headers));
      if (done.ok) {
        const { value } = done;
        if ('challenge' in value) return toFactorAsked(value);
        return { status: 200, ...withTokens(headers, toSignedIn(value)) };
      }
      if (done.refusal.code === 'invalid_credentials') await loginFailed(number, clientAddress);
      return done.refusal.code === 'bad_phone' ? badPhone() : problem(done.refusal.code);
    },
  });
