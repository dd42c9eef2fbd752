import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { RetryDelivery } from '../application/retry-delivery.ts';
import { WEBHOOK_ACCESS } from './webhook-schema.ts';

export const retryWebhookDeliveryRoute = (retry: RetryDelivery) =>
  defineRoute({
    method: 'POST',
    path: '/admin/webhooks/:id/deliveries/:delivery_id/retry',
    operationId: 'retryWebhookDelivery',
    summary: 'Send a message again',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    stepUp: 'none',
    params: Type.Object({ id: uuid(), delivery_id: uuid() }),
    responses: { 202: { description: 'It will be sent' } },
    problems: ['webhook_not_found', 'validation_failed'],
    async handle({ params }) {
      const found = await retry(params.id, params.delivery_id);
      return found ? { status: 202 } : problem('webhook_not_found');
    },
  });
