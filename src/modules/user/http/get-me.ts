import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { Accounts } from '../application/accounts.ts';
import { editedHeaders, toUser, User, userExample } from './user-schema.ts';

export const getMeRoute = (accounts: Accounts) =>
  defineRoute({
    method: 'GET',
    path: '/users/me',
    operationId: 'getMe',
    summary: 'The profile of whoever is signed in',
    tag: 'users',
    access: { kind: 'user' },
    responses: { 200: { description: 'The profile', headers: editedHeaders, schema: User, example: userExample } },
    problems: ['not_found'],
    async handle({ principal }) {
      const account = await accounts.find(principal.userId);
      if (account === null) return problem('not_found');
      return { status: 200, headers: { etag: entityTag(account.version) }, body: toUser(account) };
    },
  });
