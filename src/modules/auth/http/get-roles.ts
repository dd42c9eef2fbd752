import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { GetRoles } from '../application/get-roles.ts';
import { toUserRoles, userParams, UserRoles, userRolesExample } from './roles-schema.ts';

export const getRolesRoute = (getRoles: GetRoles) =>
  defineRoute({
    method: 'GET',
    path: '/admin/users/:id/roles',
    operationId: 'getUserRoles',
    summary: 'What an account may do for the chain',
    tag: 'admin',
    access: { kind: 'roles', roles: ['admin'] },
    params: userParams,
    responses: { 200: { description: 'Its staff roles', schema: UserRoles, example: userRolesExample } },
    problems: ['user_not_found'],
    async handle({ params }) {
      const found = await getRoles(params.id);
      return found.ok ? { status: 200, body: toUserRoles(params.id, found.value) } : problem(found.refusal.code);
    },
  });
