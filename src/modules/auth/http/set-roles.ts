import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { GetRoles } from '../application/get-roles.ts';
import type { SetRoles } from '../application/set-roles.ts';
import { wrongField } from './auth-schema.ts';
import { RolesBody, rolesExample, toUserRoles, userParams, UserRoles, userRolesExample } from './roles-schema.ts';

export const setRolesRoute = (setRoles: SetRoles, getRoles: GetRoles) =>
  defineRoute({
    method: 'PUT',
    path: '/admin/users/:id/roles',
    operationId: 'setUserRoles',
    summary: 'Say what an account may do for the chain',
    description:
      'These become its roles, and no others. They act on tokens already issued within 5 seconds. New roles go only to an ' +
      'account that verified its number, since anybody can register any number (409 `number_unproven`).',
    tag: 'admin',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'required',
    params: userParams,
    body: RolesBody,
    bodyExample: rolesExample,
    responses: { 200: { description: 'The roles from now on', schema: UserRoles, example: userRolesExample } },
    problems: ['user_not_found', 'last_admin', 'number_unproven', 'validation_failed'],
    async handle({ params, body, principal, correlationId }) {
      const roles = body.roles.map(({ role, park_id: parkId }) => ({ role, parkId }));
      const atPark = roles.findIndex(({ role, parkId }) => role === 'admin' && parkId !== null);
      if (atPark !== -1) return wrongField(`roles.${atPark}.park_id`, 'must be null for an admin');
      const done = await setRoles(params.id, roles, { actor: principal.actor, correlationId });
      if (!done.ok) {
        const { refusal } = done;
        if (refusal.code !== 'no_such_park') return problem(refusal.code);
        const index = roles.findIndex(({ parkId }) => parkId === refusal.parkId);
        return wrongField(`roles.${index}.park_id`, 'is no park of the chain');
      }
      const now = await getRoles(params.id);
      return { status: 200, body: toUserRoles(params.id, now.ok ? now.value : []) };
    },
  });
