import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { instant, nullable, uuid } from '../../../infrastructure/http/schemas.ts';
import type { PasskeyAsked } from '../application/ask-passkey.ts';
import type { PasskeyCard } from '../application/passkeys.ts';

/** What a browser needs whichever way a passkey is asked for. */
export const challengeFields = {
  challenge: Type.String({ description: 'What the passkey has to sign, in base64url; good once, the newest alone' }),
  rp_id: Type.String({ description: 'The name that passkeys are bound to' }),
  expires_in: Type.Integer({ description: 'Seconds until the challenge ends' }),
};

export const PasskeyBody = Type.Object(
  {
    id: uuid(),
    name: Type.String({ description: 'What its owner calls it' }),
    created_at: instant(),
    last_used_at: nullable(instant('Null of one that was never used')),
  },
  { $id: 'Passkey' },
);

export const passkeyExample = {
  id: '01936f2e-7c21-7b3a-8d4e-9f6a8b1c0d3e',
  name: 'The key on my ring',
  created_at: '2026-11-24T06:30:00.000Z',
  last_used_at: '2026-11-25T08:00:00.000Z',
};

export const toPasskey = ({ passkeyId, name, createdAtMs, usedAtMs }: PasskeyCard) => ({
  id: passkeyId,
  name,
  created_at: toInstant(createdAtMs),
  last_used_at: usedAtMs === null ? null : toInstant(usedAtMs),
});

/** What a browser needs to have a passkey sign. */
export const PasskeyAskedBody = Type.Object(
  {
    ...challengeFields,
    credentials: Type.Array(
      Type.Object({
        id: Type.String({ description: 'In base64url' }),
        transports: Type.Array(Type.String(), { description: 'Hints for the browser' }),
      }),
      { description: 'Any of them is enough' },
    ),
  },
  { $id: 'PasskeyAsked' },
);

export const passkeyAskedExample = {
  challenge: 'q3Zr0nS2m9v1yJ7cK5dT8bXwLhA4eGfUoPiRsMtNyQk',
  rp_id: 'park.example',
  expires_in: 300,
  credentials: [{ id: 'mB8xWc2pJ0aVtQ', transports: ['internal'] }],
};

export const toPasskeyAsked = ({ challenge, rpId, credentials, expiresInSeconds }: PasskeyAsked) => ({
  challenge,
  rp_id: rpId,
  expires_in: expiresInSeconds,
  credentials: credentials.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] })),
});
