import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { RemovePasskey } from '../application/remove-factor.ts';

export const removePasskeyRoute = (removePasskey: RemovePasskey) =>
  defineRoute({
    method: 'DELETE',
    path: '/auth/second-factor/passkeys/:id',
    operationId: 'removePasskey',
    summary: 'Use one of your passkeys no more',
    description: 'Recovery codes go with the last factor. Every other session of the account ends.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    params: Type.Object({ id: uuid() }),
    responses: { 204: { description: 'It counts no more' } },
    problems: ['passkey_not_found'],
    async handle({ params, principal: { userId, sessionId }, correlationId }) {
      const done = await removePasskey({ userId, sessionId, passkeyId: params.id, correlationId });
      return done.ok ? { status: 204 } : problem(done.refusal.code);
    },
  });
