import { Type } from 'typebox';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { KeepWebhooks } from '../application/keep-webhooks.ts';
import {
  toWebhook,
  Webhook,
  WEBHOOK_ACCESS,
  webhookBodyExample,
  WebhookEditBody,
  webhookExample,
  webhookProblem,
} from './webhook-schema.ts';

export const changeWebhookRoute = (keep: KeepWebhooks) =>
  defineRoute({
    method: 'PUT',
    path: '/admin/webhooks/:id',
    operationId: 'changeWebhook',
    summary: 'Change a webhook, or switch it off or on',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    stepUp: 'required',
    editing: true,
    params: Type.Object({ id: uuid() }),
    body: WebhookEditBody,
    bodyExample: { ...webhookBodyExample, enabled: true },
    responses: {
      200: {
        description: 'The webhook',
        headers: { ETag: 'Version, for If-Match' },
        schema: Webhook,
        example: webhookExample,
      },
    },
    problems: ['webhook_not_found', 'validation_failed', 'precondition_failed'],
    async handle({ params, body, principal, correlationId, ifMatch }) {
      const { url, description, topics, park_id: parkId, enabled } = body;
      const edit = { url, description, topics, parkId, enabled, seenVersion: ifMatch };
      const changed = await keep.change(params.id, edit, { actor: principal.actor, correlationId });
      if (!changed.ok) return webhookProblem(changed.refusal);
      return { status: 200, headers: { etag: entityTag(changed.value.version) }, body: toWebhook(changed.value) };
    },
  });
