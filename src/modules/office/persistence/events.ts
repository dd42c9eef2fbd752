import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { ParkedEventSettled } from '../domain/settled-event.ts';
import type {
  WebhookEndpointAdded,
  WebhookEndpointChanged,
  WebhookEndpointGone,
  WebhookEndpointRemoved,
  WebhookSecretReplaced,
} from '../domain/webhook-endpoint.ts';

/** Addresses may hold keys of their owners, and secrets sign: both are sealed under a key of the endpoint's own. */
export const officeEvents: readonly EventDefinition[] = [
  defineEvent<WebhookEndpointAdded>({
    type: 'WebhookEndpointAdded',
    version: 1,
    personal: { subject: 'endpointId', fields: ['url', 'secret'] },
  }),
  defineEvent<WebhookEndpointChanged>({
    type: 'WebhookEndpointChanged',
    version: 1,
    personal: { subject: 'endpointId', fields: ['url'] },
  }),
  defineEvent<WebhookSecretReplaced>({
    type: 'WebhookSecretReplaced',
    version: 1,
    personal: { subject: 'endpointId', fields: ['secret'] },
  }),
  defineEvent<WebhookEndpointGone>({ type: 'WebhookEndpointGone', version: 1 }),
  defineEvent<WebhookEndpointRemoved>({ type: 'WebhookEndpointRemoved', version: 1 }),
  defineEvent<ParkedEventSettled>({
    type: 'ParkedEventSettled',
    version: 1,
    personal: { subject: 'parkedId', fields: ['reason'] },
  }),
];
