import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { KeepWebhooks } from '../application/keep-webhooks.ts';
import {
  secretExample,
  toWebhook,
  WEBHOOK_ACCESS,
  WebhookBody,
  webhookBodyExample,
  webhookExample,
  webhookProblem,
  WebhookWithSecret,
} from './webhook-schema.ts';

export const addWebhookRoute = (keep: KeepWebhooks) =>
  defineRoute({
    method: 'POST',
    path: '/admin/webhooks',
    operationId: 'addWebhook',
    summary: 'Tell another system of facts',
    description:
      'Messages are signed after the Standard Webhooks specification (`webhook-id`, `webhook-timestamp`, `webhook-signature`) and ' +
      'sent until the receiver answers 2xx: ten tries over three days, never in a promised order, now and then twice. Redirects ' +
      'are failures; 410 switches the webhook off.',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    stepUp: 'required',
    body: WebhookBody,
    bodyExample: webhookBodyExample,
    responses: {
      201: {
        description: 'The webhook, with its secret',
        schema: WebhookWithSecret,
        example: { ...webhookExample, ...secretExample },
      },
    },
    problems: ['validation_failed', 'webhook_not_found', 'precondition_failed'],
    async handle({ body, principal, correlationId }) {
      const { url, description, topics, park_id: parkId } = body;
      const added = await keep.add({ url, description, topics, parkId }, { actor: principal.actor, correlationId });
      if (!added.ok) return webhookProblem(added.refusal);
      const { endpoint, secret } = added.value;
      return { status: 201, body: { ...toWebhook(endpoint), secret } };
    },
  });
