import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text } from '../../../infrastructure/http/schemas.ts';
import type { FinishPasskey } from '../application/enrol-passkey.ts';
import { tooMany, wrongField } from './auth-schema.ts';
import { PasskeyBody, passkeyExample, toPasskey } from './passkey-schema.ts';
import {
  accessFields,
  accessTokenExample,
  base64url,
  clientData,
  credentialId,
  recoveryCodes,
  recoveryCodesExample,
} from './second-factor-schema.ts';

const LONGEST_NAME = 60;

const PasskeyEnrolledBody = Type.Object(
  { passkey: PasskeyBody, recovery_codes: recoveryCodes, ...accessFields },
  { $id: 'PasskeyEnrolled' },
);

export const finishPasskeyRoute = (finishPasskey: FinishPasskey) =>
  defineRoute({
    method: 'POST',
    path: '/auth/second-factor/passkeys',
    operationId: 'finishPasskey',
    summary: 'Have a passkey count',
    description:
      'From then on signing in asks for it, or for another factor of the account. Every other session of the account ends. Recovery codes are ' +
      'answered when it is the first factor, else there are none.',
    tag: 'auth',
    access: { kind: 'user' },
    stepUp: 'required',
    body: Type.Object({
      name: text(LONGEST_NAME, { description: 'What its owner calls it', example: 'The key on my ring' }),
      credential_id: credentialId(),
      client_data: clientData(),
      attestation: base64url(16_000, '`attestationObject` of the browser'),
      transports: Type.Optional(
        Type.Array(Type.String({ pattern: '^[a-z-]+$', maxLength: 20 }), {
          maxItems: 8,
          description: '`getTransports()` of the browser',
          example: ['internal'],
        }),
      ),
    }),
    bodyExample: {
      name: 'The key on my ring',
      credential_id: 'mB8xWc2pJ0aVtQ',
      client_data: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0',
      attestation: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVgl',
      transports: ['internal'],
    },
    responses: {
      201: {
        description: 'The passkey, and an access token of two factors',
        schema: PasskeyEnrolledBody,
        example: { passkey: { ...passkeyExample, last_used_at: null }, ...recoveryCodesExample, ...accessTokenExample },
      },
    },
    problems: [
      'passkey_refused',
      'passkey_exists',
      'too_many_passkeys',
      'user_not_found',
      'validation_failed',
      'busy',
      'rate_limited',
    ],
    async handle({ body, principal: { userId, sessionId }, clientAddress: address, correlationId }) {
      const { credential_id, client_data, attestation, transports = [] } = body;
      const name = body.name.trim();
      if (name === '') return wrongField('name', 'must not be empty');
      const answer = { credentialId: credential_id, clientData: client_data, attestation, transports };
      const done = await finishPasskey({ userId, sessionId, name, answer, address, correlationId });
      if (done.ok) {
        const { passkey, recoveryCodes: shown, accessToken, expiresInSeconds } = done.value;
        return {
          status: 201,
          body: {
            passkey: toPasskey(passkey),
            recovery_codes: [...shown],
            access_token: accessToken,
            expires_in: expiresInSeconds,
          },
        };
      }
      const { refusal } = done;
      return refusal.code === 'rate_limited' ? tooMany(refusal) : problem(refusal.code);
    },
  });
