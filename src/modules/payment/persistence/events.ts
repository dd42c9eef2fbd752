import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { PaymentEvent } from '../domain/payment-messages.ts';

const TYPES = [
  'PaymentIntended',
  'PaymentActionIssued',
  'PaymentOutcomeUnknown',
  'PaymentSucceeded',
  'PaymentMismatched',
  'PaymentFailed',
  'PaymentExpired',
  'RefundRequested',
  'RefundSucceeded',
  'RefundFailed',
] as const satisfies readonly PaymentEvent['type'][];

/** Nothing personal is in them: a guest is named by id only. */
export const paymentEvents: readonly EventDefinition[] = TYPES.map((type) =>
  defineEvent<PaymentEvent>({ type, version: 1 }),
);
