import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type {
  ChildAdded,
  ChildChanged,
  ChildRemoved,
  ProfileChanged,
  UserRegistered,
} from '../domain/user-messages.ts';

const childDetails = { subject: 'userId', fields: ['name', 'birthDate'] };

export const userEvents: readonly EventDefinition[] = [
  defineEvent<UserRegistered>({
    type: 'UserRegistered',
    version: 1,
    personal: { subject: 'userId', fields: ['name', 'phone', 'email'] },
  }),
  defineEvent<ProfileChanged>({
    type: 'ProfileChanged',
    version: 1,
    personal: { subject: 'userId', fields: ['name', 'email'] },
  }),
  defineEvent<ChildAdded>({ type: 'ChildAdded', version: 1, personal: childDetails }),
  defineEvent<ChildChanged>({ type: 'ChildChanged', version: 1, personal: childDetails }),
  defineEvent<ChildRemoved>({ type: 'ChildRemoved', version: 1 }),
];
