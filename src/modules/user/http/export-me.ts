import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { ExportAccount } from '../application/export-account.ts';
import { toConsent } from './consents.ts';
import { Child, childExample, toChild, toUser, User, userExample } from './user-schema.ts';

const Held = Type.Object(
  {
    profile: User,
    children: Type.Array(Child),
    consents: Type.Array(Type.Unknown()),
    elsewhere: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What other parts of the program hold, by name: tickets, payments, points, sessions …',
    }),
  },
  { $id: 'HeldAboutGuest' },
);

export const exportMeRoute = (exportAccount: ExportAccount) =>
  defineRoute({
    method: 'GET',
    path: '/users/me/export',
    operationId: 'exportMe',
    summary: 'Everything that is held about whoever is signed in',
    tag: 'users',
    access: { kind: 'user' },
    responses: {
      200: {
        description: 'All of it',
        headers: { 'Content-Disposition': 'Names a file' },
        schema: Held,
        example: {
          profile: userExample,
          children: [childExample],
          consents: [],
          elsewhere: { tickets: [], payments: [], points: [] },
        },
      },
    },
    problems: ['not_found'],
    async handle({ principal }) {
      const held = await exportAccount(principal.userId);
      if (held === null) return problem('not_found');
      const body = {
        profile: toUser(held.account),
        children: held.children.map(toChild),
        consents: held.consents.map(toConsent),
        elsewhere: held.elsewhere,
      };
      return { status: 200, headers: { 'content-disposition': 'attachment; filename="skypark.json"' }, body };
    },
  });
