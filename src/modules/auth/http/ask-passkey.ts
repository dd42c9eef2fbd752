import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { AskPasskey } from '../application/ask-passkey.ts';
import { factorAskedExample } from './auth-schema.ts';
import { PasskeyAskedBody, passkeyAskedExample, toPasskeyAsked } from './passkey-schema.ts';

const asked = {
  description: 'What the passkey has to sign',
  schema: PasskeyAskedBody,
  example: passkeyAskedExample,
} as const;

export const askPasskeyInSignInRoute = (askPasskey: AskPasskey) =>
  defineRoute({
    method: 'POST',
    path: '/auth/login/second-factor/passkey',
    operationId: 'askPasskeyInSignIn',
    summary: 'Sign in: ask for a passkey',
    description:
      'Begins to answer a sign-in that was answered with 202 by a passkey; what it has signed goes to `POST /auth/login/second-factor`.',
    tag: 'auth',
    access: { kind: 'public' },
    limits: ['login'],
    body: Type.Object({ challenge: text(200) }),
    bodyExample: { challenge: factorAskedExample.challenge },
    responses: { 201: asked },
    problems: ['challenge_over', 'no_second_factor', 'validation_failed'],
    async handle({ body }) {
      const done = await askPasskey.inSignIn(body.challenge);
      return done.ok ? { status: 201, body: toPasskeyAsked(done.value) } : problem(done.refusal.code);
    },
  });

export const askPasskeyInStepUpRoute = (askPasskey: AskPasskey) =>
  defineRoute({
    method: 'POST',
    path: '/auth/step-up/passkey',
    operationId: 'askPasskeyInStepUp',
    summary: 'Show once more that it is you: ask for a passkey',
    description: 'What it has signed goes to `POST /auth/step-up`, beside the password.',
    tag: 'auth',
    access: { kind: 'user' },
    limits: ['password'],
    responses: { 201: asked },
    problems: ['no_second_factor'],
    async handle({ principal: { userId, sessionId } }) {
      const done = await askPasskey.inStepUp(userId, sessionId);
      return done.ok ? { status: 201, body: toPasskeyAsked(done.value) } : problem(done.refusal.code);
    },
  });
