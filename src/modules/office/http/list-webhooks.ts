import { Type } from 'typebox';
import { pageOfAll, readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Endpoints, EndpointView } from '../application/ports.ts';
import { toWebhook, Webhook, WEBHOOK_ACCESS, webhookExample } from './webhook-schema.ts';

export const listWebhooksRoute = (endpoints: Endpoints) =>
  defineRoute({
    method: 'GET',
    path: '/admin/webhooks',
    operationId: 'listWebhooks',
    summary: 'Other systems that are told of facts',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'All of them, by id',
        schema: pageOf(Webhook),
        example: { items: [webhookExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const byId = ({ endpointId }: EndpointView): string => endpointId;
      const page = await readPage('webhooks', query, byId, pageOfAll(await endpoints.all(), byId));
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toWebhook), next_cursor: page.value.next } };
    },
  });
