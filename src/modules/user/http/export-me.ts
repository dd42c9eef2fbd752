import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { API_BASE, defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable } from '../../../infrastructure/http/schemas.ts';
import type { ExportAccount } from '../application/export-account.ts';
import { toConsent } from './consents.ts';
import { Child, childExample, toChild, toUser, User, userExample } from './user-schema.ts';

const Held = Type.Object(
  {
    profile: Type.Object({ ...User.properties, phone_verified: Type.Boolean() }),
    children: Type.Array(
      Type.Object({
        ...Child.properties,
        photo_url: nullable(
          Type.String({ description: 'Shows the picture for five minutes; null when there is none' }),
        ),
      }),
    ),
    consents: Type.Array(Type.Unknown()),
    elsewhere: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What other parts of the program hold, by name: tickets, payments, points, sessions, messages …',
    }),
  },
  { $id: 'HeldAboutGuest' },
);

export const exportMeRoute = (exportAccount: ExportAccount, publicUrl: string) =>
  defineRoute({
    method: 'GET',
    path: '/users/me/export',
    operationId: 'exportMe',
    summary: 'Everything that is held about whoever is signed in',
    description:
      'Secrets are left out: of passwords, codes and tokens only hashes are kept. Pictures are behind addresses that end after five minutes.',
    tag: 'users',
    access: { kind: 'user' },
    limits: ['export'],
    responses: {
      200: {
        description: 'All of it',
        headers: { 'Content-Disposition': 'Names a file' },
        schema: Held,
        example: {
          profile: { ...userExample, phone_verified: true },
          children: [{ ...childExample, photo_url: null }],
          consents: [],
          elsewhere: { tickets: [], payments: [], points: [], messages: [] },
        },
      },
    },
    problems: ['not_found'],
    async handle({ principal }) {
      const held = await exportAccount(principal.userId);
      if (held === null) return problem('not_found');
      const body = {
        profile: { ...toUser(held.account), phone_verified: held.account.phoneVerified },
        children: held.children.map((child) => ({
          ...toChild(child),
          photo_url: child.photoLink === null ? null : `${publicUrl}${API_BASE}/photos/${child.photoLink}`,
        })),
        consents: held.consents.map(toConsent),
        elsewhere: held.elsewhere,
      };
      return { status: 200, headers: { 'content-disposition': 'attachment; filename="skypark.json"' }, body };
    },
  });
