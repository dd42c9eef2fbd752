import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { KeepWebhooks } from '../application/keep-webhooks.ts';
import { WEBHOOK_ACCESS, webhookProblem } from './webhook-schema.ts';

export const pingWebhookRoute = (keep: KeepWebhooks) =>
  defineRoute({
    method: 'POST',
    path: '/admin/webhooks/:id/ping',
    operationId: 'pingWebhook',
    summary: 'Send a message that means nothing',
    description: 'What came of it is among the deliveries.',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    stepUp: 'none',
    params: Type.Object({ id: uuid() }),
    responses: { 202: { description: 'It will be sent' } },
    problems: ['webhook_not_found', 'validation_failed', 'precondition_failed'],
    async handle({ params }) {
      const pinged = await keep.ping(params.id);
      return pinged.ok ? { status: 202 } : webhookProblem(pinged.refusal);
    },
  });
