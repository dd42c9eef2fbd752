import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { instant, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { FactorAsked } from '../application/admit.ts';
import type { Attempt, TooMany } from '../application/attempts.ts';
import type { Tokens } from '../application/issue-tokens.ts';
import type { SignedIn } from '../application/register.ts';
import type { ParsePhone } from '../application/request-code.ts';

export const language = oneOf(['ru', 'ky', 'en'], 'Language of messages to the person');

export const phone = text(40, {
  description: 'A mobile number, with or without country code',
  example: '0555 123 456',
});

export const factorKind = oneOf(
  ['totp', 'passkey'],
  '`totp`: the code of an authenticator app; `passkey`: see `POST /auth/login/second-factor/passkey`',
);

export const codePurpose = oneOf(['login', 'reset', 'verify'], 'What the code is for; it counts for nothing else');

/** The longest password anybody can have; a longer text is refused before anything is done with it. */
export const LONGEST_PASSWORD = 128;

export const newPassword = text(LONGEST_PASSWORD, {
  minimum: 8,
  description: 'Any characters; common ones are refused',
});

const User = Type.Object(
  {
    id: uuid(),
    phone: Type.String({ description: 'E.164', example: '+996555123456' }),
    name: Type.String(),
    email: nullable(Type.String()),
    language: oneOf(['ru', 'ky', 'en']),
    created_at: instant(),
    updated_at: instant(),
  },
  { $id: 'User' },
);

const tokenFields = {
  access_token: Type.String({ description: 'For the Authorization header, as Bearer' }),
  refresh_token: Type.Optional(
    Type.String({ description: 'Good once, for the next pair; left out when it travels in the cookie' }),
  ),
  expires_in: Type.Integer({ description: 'Seconds until the access token ends' }),
};

export const TokenPair = Type.Object(tokenFields, { $id: 'TokenPair' });
/** What a one-time code gives: the fields of signing in, or the token for a new password. */
export const CodeAccepted = Type.Object(
  {
    user: Type.Optional(User),
    access_token: Type.Optional(tokenFields.access_token),
    refresh_token: tokenFields.refresh_token,
    expires_in: Type.Optional(tokenFields.expires_in),
    reset_token: Type.Optional(Type.String({ description: 'For the purpose `reset`: good once, for a new password' })),
  },
  { $id: 'CodeAccepted' },
);
/** What is asked of somebody who has shown the first factor. */
export const FactorAskedBody = Type.Object(
  {
    challenge: Type.String({ description: 'Good once, for `POST /auth/login/second-factor`' }),
    factors: Type.Array(factorKind, { description: 'Any of them is enough; a recovery code stands in for all' }),
    expires_in: Type.Integer({ description: 'Seconds until the challenge ends' }),
  },
  { $id: 'SecondFactorAsked' },
);

export const factorAskedExample = {
  challenge: 'q3Zr0nS2m9v1yJ7cK5dT8bXwLhA4eGfUoPiRsMtNyQk',
  factors: ['totp'],
  expires_in: 300,
} as const;

/** The answer of signing in that is not the last one. */
export const factorAskedAnswer = {
  description: 'The account has a second factor, which is asked for now; there are no tokens yet',
  schema: FactorAskedBody,
  example: factorAskedExample,
} as const;

export const toFactorAsked = ({ challenge }: FactorAsked) => ({
  status: 202 as const,
  body: { challenge: challenge.token, factors: challenge.factors, expires_in: challenge.expiresInSeconds },
});

export const SignedInBody = Type.Object({ user: User, ...tokenFields }, { $id: 'SignedIn' });

export const tokenPairExample = {
  access_token: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTkzNmYyZSJ9.c2lnbmF0dXJl',
  refresh_token: 'q3Zr0nS2m9v1yJ7cK5dT8bXwLhA4eGfUoPiRsMtNyQk',
  expires_in: 600,
};

export const signedInExample = {
  user: {
    id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
    phone: '+996555123456',
    name: 'Айгүл',
    email: null,
    language: 'ky',
    created_at: '2026-11-24T06:30:00.000Z',
    updated_at: '2026-11-24T06:30:00.000Z',
  },
  ...tokenPairExample,
} as const;

export const toTokenPair = (tokens: Tokens) => ({
  access_token: tokens.accessToken,
  refresh_token: tokens.refreshToken,
  expires_in: tokens.expiresInSeconds,
});

export const toSignedIn = ({ account, tokens }: SignedIn) => ({
  user: {
    id: account.userId,
    phone: account.phone,
    name: account.name,
    email: account.email,
    language: account.language,
    created_at: toInstant(account.createdAtMs),
    updated_at: toInstant(account.updatedAtMs),
  },
  ...toTokenPair(tokens),
});

export const wrongField = (path: string, message: string) =>
  problem('validation_failed', { errors: [{ path, message }] });

/** What is wrong with a new password, which stands in the field named. */
export const weakPassword = (field: string, code: 'password_length' | 'password_common') =>
  wrongField(
    field,
    code === 'password_length' ? 'must have 8 to 128 characters' : 'is one of the first that anybody would try',
  );

/** Counts tries of signing in by number and address. */
export type Limits = { readonly attempt: Attempt; readonly parsePhone: ParsePhone };

export const tooMany = ({ retryAfterSeconds }: TooMany) => problem('rate_limited', { retryAfterSeconds });

export const badPhone = () => wrongField('phone', 'must be a mobile number that can receive an SMS');
