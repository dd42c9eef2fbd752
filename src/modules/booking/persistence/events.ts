import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { TicketActivated } from '../contract.ts';
import type { DayOpened, DayQuotaChanged } from '../domain/capacity.ts';
import type { TicketHeld, TicketHoldExpired, TicketHoldKept, TicketPaymentRefused } from '../domain/ticket.ts';

export const bookingEvents: readonly EventDefinition[] = [
  defineEvent<DayOpened>({ type: 'DayOpened', version: 1 }),
  defineEvent<DayQuotaChanged>({ type: 'DayQuotaChanged', version: 1 }),
  defineEvent<TicketHeld>({
    type: 'TicketHeld',
    version: 1,
    personal: { subject: 'userId', fields: ['children.*.name', 'children.*.birthDate', 'children.*.age'] },
  }),
  defineEvent<TicketHoldKept>({ type: 'TicketHoldKept', version: 1 }),
  defineEvent<TicketHoldExpired>({ type: 'TicketHoldExpired', version: 1 }),
  defineEvent<TicketPaymentRefused>({ type: 'TicketPaymentRefused', version: 1 }),
  defineEvent<TicketActivated>({
    type: 'TicketActivated',
    version: 1,
    personal: { subject: 'subjectId', fields: ['admissionCode'] },
  }),
];
