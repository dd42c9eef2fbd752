import { Type } from 'typebox';
import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta } from '../../../kernel/command-runner.ts';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import type { Language } from '../../../infrastructure/http/error-table.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { EditPark } from '../application/edit-park.ts';
import type { LiveOccupancy, ParkCatalogue } from '../application/park-catalogue.ts';
import { parkEditExample, parkExample } from './park-examples.ts';
import { fieldProblem, Park, ParkEdit, parkId, toChanges, toPark } from './park-schema.ts';

type Edit = { readonly parkId: string; readonly language: Language } & Parameters<EditPark>[1] & CommandMeta;

/** Edits a park, and answers it as it is then. */
export function createAnswerEdit(editPark: EditPark, catalogue: ParkCatalogue, occupancy: LiveOccupancy) {
  return async ({ parkId: id, language, version, changes, ...meta }: Edit) => {
    const edited = await editPark(id, { version, changes }, meta);
    if (!edited.ok) {
      const { refusal } = edited;
      if (refusal.code === 'bad_park') return fieldProblem(refusal);
      return problem(refusal.code === 'version_moved' ? 'precondition_failed' : refusal.code);
    }
    const [card, [people = 0]] = await Promise.all([catalogue.find(id), occupancy([id])]);
    assert(card, 'an edited park is in the catalogue');
    const headers = { etag: entityTag(card.version), vary: 'Accept-Language' };
    return { status: 200, headers, body: toPark(card, people, language) } as const;
  };
}

export type AnswerEdit = ReturnType<typeof createAnswerEdit>;

export const editParkRoute = (answerEdit: AnswerEdit) =>
  defineRoute({
    method: 'PATCH',
    path: '/parks/:id',
    operationId: 'editPark',
    summary: 'Change a park',
    description:
      'What is left out stays. Tickets keep what they were sold with; a capacity lowered under what is sold for a day shows as its deficit.',
    tag: 'parks',
    access: { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'params.id' },
    stepUp: 'none',
    editing: true,
    params: Type.Object({ id: parkId }),
    body: ParkEdit,
    bodyExample: parkEditExample,
    responses: {
      200: {
        description: 'The park as it is now',
        headers: { ETag: 'Version of the park, for If-Match', Vary: 'Accept-Language' },
        schema: Park,
        example: parkExample,
      },
    },
    problems: ['park_not_found', 'precondition_failed', 'validation_failed'],
    handle: ({ params, body, principal: { actor }, correlationId, ifMatch: version, language }) =>
      answerEdit({ parkId: params.id, version, changes: toChanges(body), actor, correlationId, language }),
  });
