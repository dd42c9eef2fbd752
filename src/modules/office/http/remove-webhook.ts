import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { KeepWebhooks } from '../application/keep-webhooks.ts';
import { WEBHOOK_ACCESS, webhookProblem } from './webhook-schema.ts';

export const removeWebhookRoute = (keep: KeepWebhooks) =>
  defineRoute({
    method: 'DELETE',
    path: '/admin/webhooks/:id',
    operationId: 'removeWebhook',
    summary: 'Tell another system nothing more',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    stepUp: 'required',
    params: Type.Object({ id: uuid() }),
    responses: { 204: { description: 'Removed; what is still waiting is not sent' } },
    problems: ['webhook_not_found', 'validation_failed', 'precondition_failed'],
    async handle({ params, principal, correlationId }) {
      const removed = await keep.remove(params.id, { actor: principal.actor, correlationId });
      return removed.ok ? { status: 204 } : webhookProblem(removed.refusal);
    },
  });
