import { Type } from 'typebox';
import { assert } from '../../../kernel/assert.ts';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Differences, ResolveDifference } from '../application/differences.ts';
import { Difference, differenceExample, FINANCE, resolutionWord, toDifference } from './difference-schema.ts';

export const resolveDifferenceRoute = (differences: Pick<Differences, 'find'>, resolve: ResolveDifference) =>
  defineRoute({
    method: 'POST',
    path: '/admin/reconciliation/:id/resolve',
    operationId: 'resolveDifference',
    summary: 'Say what a difference comes to',
    description:
      'Once, and by name: who said so, and when, is on record. It moves no money until the statement is booked again.',
    tag: 'office',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'resource' },
    stepUp: 'none',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({
      resolution: resolutionWord,
      note: Type.Optional(text(500, { example: 'Letter 17 of 8 December' })),
    }),
    bodyExample: { resolution: 'provider_corrects', note: 'Letter 17 of 8 December' },
    responses: {
      200: {
        description: 'The difference',
        schema: Difference,
        example: {
          ...differenceExample,
          resolved: {
            resolution: 'provider_corrects',
            note: 'Letter 17 of 8 December',
            by: `user:${differenceExample.id}`,
            at: '2026-12-08T06:30:00.000Z',
          },
        },
      },
    },
    problems: ['difference_not_found', 'difference_resolved', 'validation_failed'],
    async handle({ params, body, principal, correlationId }) {
      const found = await differences.find(params.id);
      if (found === null || !hasRoleAt(principal, FINANCE, found.parkId)) return problem('difference_not_found');
      const resolving = { found, resolution: body.resolution, note: body.note ?? null };
      const resolved = await resolve(resolving, { actor: principal.actor, correlationId });
      if (!resolved.ok) return problem(resolved.refusal.code);
      const shown = await differences.find(params.id);
      assert(shown, 'a difference that was resolved stays');
      return { status: 200, body: toDifference(shown) };
    },
  });
