import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { ChangeProfile, ProfileRefusal } from '../application/change-profile.ts';
import { detailsProblem } from './details-problem.ts';
import { ChangedProfileBody, editedHeaders, toUser, User, userExample } from './user-schema.ts';

function toProblem({ code }: ProfileRefusal) {
  switch (code) {
    case 'user_not_found':
      return problem('not_found');
    case 'version_moved':
      return problem('precondition_failed');
    default:
      return detailsProblem({ code });
  }
}

export const changeMeRoute = (changeProfile: ChangeProfile) =>
  defineRoute({
    method: 'PATCH',
    path: '/users/me',
    operationId: 'changeMe',
    summary: 'Change the own profile',
    description: 'Only what is named is changed. `email: null` removes the address.',
    tag: 'users',
    access: { kind: 'user' },
    editing: true,
    body: ChangedProfileBody,
    bodyExample: { language: 'ky' },
    responses: {
      200: { description: 'The profile as it is now', headers: editedHeaders, schema: User, example: userExample },
    },
    problems: ['validation_failed', 'not_found', 'precondition_failed'],
    async handle({ body, principal, ifMatch, correlationId }) {
      const meta = { actor: principal.actor, correlationId };
      const changed = await changeProfile(principal.userId, ifMatch, body, meta);
      if (!changed.ok) return toProblem(changed.refusal);
      return { status: 200, headers: { etag: entityTag(changed.value.version) }, body: toUser(changed.value) };
    },
  });
