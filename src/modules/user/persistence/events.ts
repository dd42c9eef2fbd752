import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { ChildAdded, UserRegistered } from '../domain/user.ts';

export const userEvents: readonly EventDefinition[] = [
  defineEvent<UserRegistered>({
    type: 'UserRegistered',
    version: 1,
    personal: { subject: 'userId', fields: ['name', 'phone', 'email'] },
  }),
  defineEvent<ChildAdded>({
    type: 'ChildAdded',
    version: 1,
    personal: { subject: 'userId', fields: ['name', 'birthDate'] },
  }),
];
