import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { ChangeFigures } from '../application/change-figures.ts';
import {
  figuresAnswer,
  figuresExample,
  FiguresBody,
  toFieldError,
  toFigures,
  toFiguresBody,
} from './figures-schema.ts';

export const changeFiguresRoute = (changeFigures: ChangeFigures) =>
  defineRoute({
    method: 'PUT',
    path: '/admin/loyalty/tiers',
    operationId: 'changeLoyaltyFigures',
    summary: 'Set the tiers and all other figures of the loyalty programme',
    description: 'They hold for what is earned and sold from now on; points keep what they were earned with.',
    tag: 'loyalty',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'none',
    editing: true,
    body: FiguresBody,
    bodyExample: figuresExample,
    responses: { 200: figuresAnswer },
    problems: ['precondition_failed', 'validation_failed'],
    async handle({ body, principal, correlationId, ifMatch }) {
      const edit = { figures: toFigures(body), version: ifMatch };
      const changed = await changeFigures(edit, { actor: principal.actor, correlationId });
      if (changed.ok) {
        const figures = changed.value;
        return { status: 200, headers: { etag: entityTag(figures.version) }, body: toFiguresBody(figures) };
      }
      const { refusal } = changed;
      if (refusal.code === 'version_moved') return problem('precondition_failed');
      return problem('validation_failed', { errors: refusal.faults.map(toFieldError) });
    },
  });
