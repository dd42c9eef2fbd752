import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { date, instant, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Account } from '../application/accounts.ts';
import type { Child as ChildView } from '../application/children.ts';

/** Signing in answers the same; the API document refuses two schemas of one name that differ. */
export const User = Type.Object(
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

export const userExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  phone: '+996555123456',
  name: 'Айгүл',
  email: null,
  language: 'ky',
  created_at: '2026-11-24T06:30:00.000Z',
  updated_at: '2026-11-24T06:30:00.000Z',
} as const;

export const toUser = (account: Account) => ({
  id: account.userId,
  phone: account.phone,
  name: account.name,
  email: account.email,
  language: account.language,
  created_at: toInstant(account.createdAtMs),
  updated_at: toInstant(account.updatedAtMs),
});

export const ChangedProfileBody = Type.Object(
  {
    name: Type.Optional(text(100, { description: 'What the person is called', example: 'Айгүл' })),
    email: Type.Optional(nullable(Type.String({ format: 'email', maxLength: 254, example: 'aigul@example.com' }))),
    language: Type.Optional(oneOf(['ru', 'ky', 'en'], 'Language of messages to the person')),
  },
  { minProperties: 1 },
);

/** What a person edits has versions; an edit names the one it saw. */
export const editedHeaders = { ETag: 'The version, to be sent as `If-Match` with an edit' };

const gender = oneOf(['female', 'male']);

export const Child = Type.Object(
  {
    id: uuid(),
    name: Type.String(),
    birth_date: date(),
    gender: nullable(gender),
    has_photo: Type.Boolean(),
    created_at: instant(),
  },
  { $id: 'Child' },
);

export const childExample = {
  id: '01936f2e-6a10-7d21-8f3b-1c2d3e4f5a6b',
  name: 'Алина',
  birth_date: '2022-03-01',
  gender: 'female',
  has_photo: false,
  created_at: '2026-11-24T06:31:00.000Z',
} as const;

export const toChild = (child: ChildView) => ({
  id: child.childId,
  name: child.name,
  birth_date: child.birthDate,
  gender: child.gender,
  has_photo: child.photoKey !== null,
  created_at: toInstant(child.createdAtMs),
});

export const NewChildBody = Type.Object({
  name: text(100, { description: 'What the child is called at the gate', example: 'Алина' }),
  birth_date: date('Not in the future, and younger than 18 today'),
  gender: Type.Optional(gender),
});

export const ChangedChildBody = Type.Object(
  {
    name: Type.Optional(text(100, { description: 'What the child is called at the gate', example: 'Алина' })),
    birth_date: Type.Optional(date('Not in the future, and younger than 18 today')),
    gender: Type.Optional(nullable(gender)),
  },
  { minProperties: 1 },
);

export const newChildExample = { name: 'Алина', birth_date: '2022-03-01', gender: 'female' };
