import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { Accounts } from '../application/accounts.ts';
import { toUser, User, userExample } from './user-schema.ts';

export const getMeRoute = (accounts: Accounts) =>
  defineRoute({
    method: 'GET',
    path: '/users/me',
    operationId: 'getMe',
    summary: 'The profile of whoever is signed in',
    tag: 'users',
    access: { kind: 'user' },
    responses: { 200: { description: 'The profile', schema: User, example: userExample } },
    problems: ['not_found'],
    async handle({ principal }) {
      const account = await accounts.find(principal.userId);
      return account === null ? problem('not_found') : { status: 200, body: toUser(account) };
    },
  });
