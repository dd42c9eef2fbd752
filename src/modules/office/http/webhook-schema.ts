import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { instant, nullable, oneOf, text, uuid } from '../../../infrastructure/http/schemas.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import type { KeepRefusal } from '../application/keep-webhooks.ts';
import type { DeliveryView, EndpointView } from '../application/ports.ts';

const TOPICS = [
  'ticket.activated',
  'ticket.cancelled',
  'ticket.refunded',
  'ticket.expired',
  'visit.admitted',
  'payment.succeeded',
  'refund.succeeded',
] as const;

/** Who keeps the list of other systems. */
export const WEBHOOK_ACCESS = { kind: 'roles', roles: ['admin'] } as const;

const listening = {
  url: Type.String({
    maxLength: 2000,
    description: 'An https address on the public internet, port 443 or 8443',
    example: 'https://hooks.example.com/skypark',
  }),
  description: text(200, { minimum: 0, description: 'For the people who keep the list', example: 'Accounting' }),
  topics: Type.Array(oneOf(TOPICS), { minItems: 1, maxItems: TOPICS.length }),
  park_id: nullable(Type.String({ maxLength: 50, description: 'Facts of this park only; null: of all' })),
};

export const WebhookBody = Type.Object(listening, { $id: 'WebhookRequest' });
export const WebhookEditBody = Type.Object({ ...listening, enabled: Type.Boolean() }, { $id: 'WebhookEdit' });

export const webhookBodyExample = {
  url: 'https://hooks.example.com/skypark',
  description: 'Accounting',
  topics: ['payment.succeeded', 'refund.succeeded'],
  park_id: null,
};

const shown = {
  id: uuid(),
  ...listening,
  enabled: Type.Boolean(),
  stopped_because: nullable(
    oneOf(
      ['gone', 'exhausted'] as const,
      'Switched off by itself: the receiver said 410, or took nothing for three days',
    ),
  ),
  created_at: instant(),
};

export const Webhook = Type.Object(shown, { $id: 'Webhook' });

const secret = Type.String({
  description: 'Signs every message (Standard Webhooks, HMAC-SHA256). Shown now and never again.',
  example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD6bWJi1ZCbYk=',
});
export const WebhookSecret = Type.Object({ secret }, { $id: 'WebhookSecret' });
export const WebhookWithSecret = Type.Object({ ...shown, secret }, { $id: 'WebhookWithSecret' });

export const webhookExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  url: 'https://hooks.example.com/skypark',
  description: 'Accounting',
  topics: ['payment.succeeded', 'refund.succeeded'],
  park_id: null,
  enabled: true,
  stopped_because: null,
  created_at: '2026-12-01T06:00:00.000Z',
} as const;
export const secretExample = { secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD6bWJi1ZCbYk=' };

export const toWebhook = (view: EndpointView) => ({
  id: view.endpointId,
  url: view.url,
  description: view.description,
  topics: view.topics,
  park_id: view.parkId,
  enabled: view.enabled,
  stopped_because: view.stoppedWhy,
  created_at: toInstant(view.addedAtMs),
});

export const Delivery = Type.Object(
  {
    id: uuid(),
    message_id: uuid('The same in every try: the receiver’s key against repeats'),
    topic: Type.String(),
    status: oneOf(['waiting', 'delivered', 'given_up'] as const),
    attempts: Type.Integer(),
    created_at: instant(),
    last_try_at: nullable(instant()),
    next_try_at: nullable(instant()),
    last_status: nullable(Type.Integer({ description: 'HTTP status of the last answer' })),
    last_error: nullable(Type.String()),
  },
  { $id: 'WebhookDelivery' },
);

export const deliveryExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3f',
  message_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d40',
  topic: 'payment.succeeded',
  status: 'waiting',
  attempts: 1,
  created_at: '2026-12-05T06:30:00.000Z',
  last_try_at: '2026-12-05T06:30:01.000Z',
  next_try_at: '2026-12-05T06:30:06.000Z',
  last_status: 503,
  last_error: null,
} as const;

const instantOrNull = (ms: number | null): string | null => (ms === null ? null : toInstant(ms));

export const toDelivery = (view: DeliveryView) => ({
  id: view.deliveryId,
  message_id: view.messageId,
  topic: view.topic,
  status: view.status,
  attempts: view.attempts,
  created_at: toInstant(view.createdAtMs),
  last_try_at: instantOrNull(view.lastTryAtMs),
  next_try_at: instantOrNull(view.nextTryAtMs),
  last_status: view.lastStatus,
  last_error: view.lastError,
});

/** A refusal of the list's keeper as an answer. */
export function webhookProblem(refusal: KeepRefusal) {
  switch (refusal.code) {
    case 'bad_address':
      return problem('validation_failed', { errors: [{ path: 'url', message: refusal.message }] });
    case 'bad_topics':
      return problem('validation_failed', { errors: [{ path: 'topics', message: 'names each topic once' }] });
    case 'stale_version':
      return problem('precondition_failed');
    case 'webhook_not_found':
      return problem('webhook_not_found');
  }
}
