import { Type } from 'typebox';
import { entityTag } from '../../../infrastructure/http/entity-tag.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { Endpoints } from '../application/ports.ts';
import { toWebhook, Webhook, WEBHOOK_ACCESS, webhookExample } from './webhook-schema.ts';

export const getWebhookRoute = (endpoints: Endpoints) =>
  defineRoute({
    method: 'GET',
    path: '/admin/webhooks/:id',
    operationId: 'getWebhook',
    summary: 'One webhook',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    params: Type.Object({ id: uuid() }),
    responses: {
      200: {
        description: 'The webhook',
        headers: { ETag: 'Version, for If-Match' },
        schema: Webhook,
        example: webhookExample,
      },
    },
    problems: ['webhook_not_found'],
    async handle({ params }) {
      const found = await endpoints.find(params.id);
      if (found === null) return problem('webhook_not_found');
      return { status: 200, headers: { etag: entityTag(found.version) }, body: toWebhook(found) };
    },
  });
