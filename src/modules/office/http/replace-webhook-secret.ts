import { Type } from 'typebox';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { KeepWebhooks } from '../application/keep-webhooks.ts';
import { secretExample, WEBHOOK_ACCESS, webhookProblem, WebhookSecret } from './webhook-schema.ts';

export const replaceWebhookSecretRoute = (keep: KeepWebhooks) =>
  defineRoute({
    method: 'POST',
    path: '/admin/webhooks/:id/secret',
    operationId: 'replaceWebhookSecret',
    summary: 'Make a new signing secret',
    description: 'For a day messages carry a signature of the old one too.',
    tag: 'office',
    access: WEBHOOK_ACCESS,
    stepUp: 'required',
    params: Type.Object({ id: uuid() }),
    responses: { 201: { description: 'The new secret', schema: WebhookSecret, example: secretExample } },
    problems: ['webhook_not_found', 'validation_failed', 'precondition_failed'],
    async handle({ params, principal, correlationId }) {
      const replaced = await keep.replaceSecret(params.id, { actor: principal.actor, correlationId });
      return replaced.ok ? { status: 201, body: { secret: replaced.value } } : webhookProblem(replaced.refusal);
    },
  });
