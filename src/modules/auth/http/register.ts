import { Type } from 'typebox';
import { unreachable } from '../../../kernel/assert.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { Register, RegisterRefusal } from '../application/register.ts';
import {
  badPhone,
  language,
  LONGEST_PASSWORD,
  phone,
  SignedInBody,
  signedInExample,
  toSignedIn,
  wrongField,
} from './auth-schema.ts';

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
      return wrongField('password', 'must have 8 to 128 characters');
    case 'password_common':
      return wrongField('password', 'is one of the first that anybody would try');
    default:
      return unreachable(code, 'refusal of a registration');
  }
}

export const registerRoute = (register: Register) =>
  defineRoute({
    method: 'POST',
    path: '/auth/register',
    operationId: 'register',
    summary: 'Open an account and sign in',
    tag: 'auth',
    access: { kind: 'public' },
    body: Type.Object({
      phone,
      password: text(LONGEST_PASSWORD, { minimum: 8, description: 'Any characters; common ones are refused' }),
      name: text(100, { example: 'Айгүл' }),
      email: Type.Optional(Type.String({ format: 'email', maxLength: 254, example: 'aigul@example.com' })),
      language: Type.Optional(language),
    }),
    bodyExample: { phone: '0555 123 456', password: 'correct horse battery', name: 'Айгүл', language: 'ky' },
    responses: {
      201: { description: 'The account and its first tokens', schema: SignedInBody, example: signedInExample },
    },
    problems: ['phone_taken', 'validation_failed', 'busy'],
    async handle({ body, correlationId }) {
      const details = { ...body, email: body.email ?? null, language: body.language ?? 'ru' };
      const done = await register({ ...details, correlationId });
      return done.ok ? { status: 201, body: toSignedIn(done.value) } : toProblem(done.refusal);
    },
  });
