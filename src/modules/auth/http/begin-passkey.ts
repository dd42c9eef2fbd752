import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { BeginPasskey } from '../application/enrol-passkey.ts';
import { challengeFields, passkeyAskedExample } from './passkey-schema.ts';

const PasskeyInvitedBody = Type.Object(
  {
    ...challengeFields,
    user_id: Type.String({ description: 'What authenticators know the account by' }),
    user_name: Type.String({ description: 'What they show of it' }),
    known_credentials: Type.Array(Type.String(), {
      description: 'An authenticator that has one of them makes no other',
    }),
  },
  { $id: 'PasskeyInvited' },
);

const { credentials: _credentials, ...challengeExample } = passkeyAskedExample;

const example = {
  ...challengeExample,
  user_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  user_name: '+996555123456',
  known_credentials: ['mB8xWc2pJ0aVtQ'],
};

export const beginPasskeyRoute = (beginPasskey: BeginPasskey) =>
  defineRoute({
    method: 'POST',
    path: '/auth/second-factor/passkeys/challenge',
    operationId: 'beginPasskey',
    summary: 'Begin to make a passkey',
    description:
      'The browser makes it (`navigator.credentials.create`, with `userVerification: required` and without attestation) at ' +
      '`passkey_origin` of the second factor alone. It counts for nothing before it was handed in, within 5 minutes and in this session. An ' +
      'account has ten at most.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    limits: ['password'],
    responses: { 201: { description: 'What the browser needs', schema: PasskeyInvitedBody, example } },
    problems: ['too_many_passkeys', 'user_not_found'],
    async handle({ principal }) {
      const done = await beginPasskey(principal.userId, principal.sessionId);
      if (!done.ok) return problem(done.refusal.code);
      const { challenge, rpId, userId, userName, knownCredentials, expiresInSeconds } = done.value;
      return {
        status: 201,
        body: {
          challenge,
          rp_id: rpId,
          expires_in: expiresInSeconds,
          user_id: userId,
          user_name: userName,
          known_credentials: [...knownCredentials],
        },
      };
    },
  });
