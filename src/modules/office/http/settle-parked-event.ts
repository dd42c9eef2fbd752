import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { oneOf, text } from '../../../infrastructure/http/schemas.ts';
import type { SettleParkedEvent } from '../application/settle-parked-event.ts';

export const settleParkedEventRoute = (settle: SettleParkedEvent) =>
  defineRoute({
    method: 'POST',
    path: '/admin/parked-events/:id/resolve',
    operationId: 'settleParkedEvent',
    summary: 'Ask for another try of a parked event, or give it up',
    description: 'What waits behind it is tried too. Who decided so, and why, is in the audit trail.',
    tag: 'office',
    access: { kind: 'roles', roles: ['admin'] },
    stepUp: 'none',
    params: Type.Object({
      id: Type.String({ pattern: '^[a-z0-9.-]{1,63}:[1-9][0-9]{0,14}$', maxLength: 79, example: 'flow.purchase:1204' }),
    }),
    body: Type.Object({ how: oneOf(['retry', 'skip'] as const), reason: text(500) }),
    bodyExample: { how: 'retry', reason: 'The provider is back' },
    responses: { 202: { description: 'It will be done' } },
    problems: ['parked_event_not_found', 'validation_failed'],
    async handle({ params, body, principal, correlationId }) {
      const colon = params.id.lastIndexOf(':');
      const parked = { subscription: params.id.slice(0, colon), position: Number(params.id.slice(colon + 1)) };
      const settled = await settle({ ...parked, ...body }, { actor: principal.actor, correlationId });
      return settled.ok ? { status: 202 } : problem(settled.refusal.code);
    },
  });
