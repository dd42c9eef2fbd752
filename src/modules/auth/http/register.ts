import { Type } from 'typebox';
import { unreachable } from '../../../kernel/assert.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { Register, RegisterRefusal } from '../application/register.ts';
import {
  badPhone,
  language,
  newPassword,
  phone,
  SignedInBody,
  signedInExample,
  toSignedIn,
  tooMany,
  type Limits,
  weakPassword,
  wrongField,
} from './auth-schema.ts';
import { sessionHeaders, setsCookie, userAgentOf, withTokens } from './session-transport.ts';

function toProblem({ code }: RegisterRefusal) {
  switch (code) {
    case 'phone_taken':
    case 'busy':
      return problem(code);
    case 'bad_phone':
      return badPhone();
    case 'bad_name':
      return wrongField('name', 'must have a letter or a digit, and no line ends or control characters');
    case 'password_length':
    case 'password_common':
      return weakPassword('password', code);
    default:
      return unreachable(code, 'refusal of a registration');
  }
}

export const registerRoute = (register: Register, { attempt, parsePhone }: Limits) =>
  defineRoute({
    method: 'POST',
    path: '/auth/register',
    operationId: 'register',
    summary: 'Open an account and sign in',
    tag: 'auth',
    access: { kind: 'public' },
    headers: sessionHeaders,
    limits: ['register'],
    body: Type.Object({
      phone,
      password: newPassword,
      name: text(100, { example: 'Айгүл' }),
      email: Type.Optional(Type.String({ format: 'email', maxLength: 254, example: 'aigul@example.com' })),
      language: Type.Optional(language),
    }),
    bodyExample: { phone: '0555 123 456', password: 'correct horse battery', name: 'Айгүл', language: 'ky' },
    responses: {
      201: {
        description: 'The account and its first tokens',
        headers: setsCookie,
        schema: SignedInBody,
        example: signedInExample,
      },
    },
    problems: ['phone_taken', 'validation_failed', 'busy', 'rate_limited'],
    async handle({ body, headers, correlationId, clientAddress }) {
      const number = parsePhone(body.phone);
      if (number === null) return badPhone();
      const allowed = await attempt('register', number, clientAddress);
      if (!allowed.ok) return tooMany(allowed.refusal);
      const details = { ...body, email: body.email ?? null, language: body.language ?? 'ru' };
      const done = await register({ ...details, correlationId, userAgent: userAgentOf(headers) });
      return done.ok ? { status: 201, ...withTokens(headers, toSignedIn(done.value)) } : toProblem(done.refusal);
    },
  });
