import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { ResetFactors } from '../application/remove-factor.ts';
import { userParams } from './roles-schema.ts';

export const resetSecondFactorRoute = (resetFactors: ResetFactors) =>
  defineRoute({
    method: 'POST',
    path: '/admin/users/:id/second-factor/reset',
    operationId: 'resetSecondFactor',
    summary: 'Help somebody who lost the second factor',
    description:
      'Takes every factor of the account away and ends its sessions; its owner is told, signs in with the password and sets up a new ' +
      'one. Nothing of the old one is shown and nothing of the new one is chosen here. Nobody resets their own.',
    tag: 'admin',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'required',
    params: userParams,
    responses: { 204: { description: 'The account has no second factor' } },
    problems: ['user_not_found', 'no_second_factor', 'forbidden'],
    async handle({ params, principal: { userId, actor }, correlationId }) {
      if (params.id === userId) return problem('forbidden', { detail: 'Another administrator has to do this.' });
      const done = await resetFactors(params.id, { actor, correlationId });
      return done.ok ? { status: 204 } : problem(done.refusal.code);
    },
  });
