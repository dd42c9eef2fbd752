import { assert } from '../../../kernel/assert.ts';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { OpenPark } from '../application/open-park.ts';
import type { ParkCatalogue } from '../application/park-catalogue.ts';
import { newParkExample, parkExample } from './park-examples.ts';
import { fieldProblem, NewPark, Park, toDraft, toPark } from './park-schema.ts';

export const createParkRoute = (openPark: OpenPark, catalogue: ParkCatalogue) =>
  defineRoute({
    method: 'POST',
    path: '/parks',
    operationId: 'createPark',
    summary: 'Add a park to the chain',
    description:
      'Its id is its name for ever. What is left out: no price for adults, 10 percent off for groups, Asia/Bishkek.',
    tag: 'parks',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'none',
    idempotency: 'optional',
    body: NewPark,
    bodyExample: newParkExample,
    responses: {
      201: {
        description: 'The park',
        headers: { ETag: 'Version of the park, for If-Match', Vary: 'Accept-Language' },
        schema: Park,
        example: parkExample,
      },
    },
    problems: ['park_exists', 'validation_failed'],
    async handle({ body, principal, correlationId, commandId, language }) {
      const { id, time_zone: timeZone, ...rest } = body;
      const draft = { ...toDraft(rest), parkId: id, ...(timeZone === undefined ? {} : { timeZone }) };
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const opened = await openPark(draft, meta);
      if (!opened.ok) {
        return opened.refusal.code === 'park_exists' ? problem('park_exists') : fieldProblem(opened.refusal);
      }
      const card = await catalogue.find(id);
      assert(card, 'an opened park is in the catalogue');
      const headers = { etag: entityTag(card.version), vary: 'Accept-Language' };
      return { status: 201, headers, body: toPark(card, 0, language) };
    },
  });
