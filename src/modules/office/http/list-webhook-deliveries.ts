import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Deliveries, DeliveryView, Endpoints } from '../application/ports.ts';
import { Delivery, deliveryExample, toDelivery, WEBHOOK_ACCESS } from './webhook-schema.ts';

export const listWebhookDeliveriesRoute = (endpoints: Endpoints, deliveries: Deliveries) =>
  defineRoute({
    method: 'GET',
    path: '/admin/webhooks/:id/deliveries',
    operationId: 'listWebhookDeliveries',
    summary: 'What was sent to a webhook, and what came of it',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    params: Type.Object({ id: uuid() }),
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'Messages of the last month, newest first',
        schema: pageOf(Delivery),
        example: { items: [deliveryExample], next_cursor: null },
      },
    },
    problems: ['webhook_not_found', 'validation_failed'],
    async handle({ params, query }) {
      if ((await endpoints.find(params.id)) === null) return problem('webhook_not_found');
      const byId = ({ deliveryId }: DeliveryView): string => deliveryId;
      const page = await readPage('webhook-deliveries', query, byId, async (before, limit) =>
        before !== null && !isUuid(before) ? null : deliveries.ofEndpoint(params.id, before, limit),
      );
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toDelivery), next_cursor: page.value.next } };
    },
  });
