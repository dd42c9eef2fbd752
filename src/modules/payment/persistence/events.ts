import { defineEvent, type EventDefinition, type Travels } from '../../../kernel/event-definition.ts';
import type { RefundRequested } from '../contract.ts';
import type { PaymentEvent, PaymentIntended } from '../domain/payment-messages.ts';
import type { ShiftEvent } from '../domain/shift.ts';

const TYPES = [
  'PaymentActionIssued',
  'PaymentOutcomeUnknown',
  'PaymentMismatched',
  'PaymentFailed',
  'PaymentExpired',
  'RefundSubmitted',
  'RefundOutcomeUnknown',
] as const satisfies readonly PaymentEvent['type'][];

/** What the money of a desk comes to besides. */
const DESK_TYPES = [
  'PaymentSucceeded',
  'RefundSucceeded',
  'RefundFailed',
] as const satisfies readonly PaymentEvent['type'][];

const SHIFT_TYPES = [
  'ShiftOpened',
  'CashTaken',
  'CashPaidOut',
  'ShiftClosed',
] as const satisfies readonly ShiftEvent['type'][];

/** Parks tell of the money of their desks. Nobody tells a park of money. */
const TOLD_BY_PARKS: Travels = { up: { about: 'ticketId' } };

/** A guest is named by id only; what staff say of a refund in their own words is personal. */
export const paymentEvents: readonly EventDefinition[] = [
  defineEvent<PaymentIntended>({
    type: 'PaymentIntended',
    version: 2,
    travels: TOLD_BY_PARKS,
    upcasts: { 1: (data) => ({ ...data, parkId: null }) },
  }),
  defineEvent<RefundRequested>({
    type: 'RefundRequested',
    version: 2,
    travels: TOLD_BY_PARKS,
    personal: { subject: 'subjectId', fields: ['note'] },
    upcasts: { 1: (data) => ({ ...data, note: null, subjectId: data['ticketId'] ?? null }) },
  }),
  ...TYPES.map((type) => defineEvent<PaymentEvent>({ type, version: 1 })),
  ...DESK_TYPES.map((type) => defineEvent<PaymentEvent>({ type, version: 1, travels: TOLD_BY_PARKS })),
  ...SHIFT_TYPES.map((type) => defineEvent<ShiftEvent>({ type, version: 1, travels: TOLD_BY_PARKS })),
];
