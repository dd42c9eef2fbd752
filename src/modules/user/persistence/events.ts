import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { ChildPhotoRemoved, UserErased } from '../contract.ts';
import type { GuestLookedUp } from '../domain/guest-look-up.ts';
import type {
  ChildAdded,
  ChildChanged,
  ChildPhotoStored,
  ChildRemoved,
  ConsentsChanged,
  ProfileChanged,
  UserRegistered,
} from '../domain/user-messages.ts';

const of = (...fields: readonly string[]) => ({ subject: 'userId', fields });

export const userEvents: readonly EventDefinition[] = [
  defineEvent<UserRegistered>({ type: 'UserRegistered', version: 1, personal: of('name', 'phone', 'email') }),
  defineEvent<ProfileChanged>({ type: 'ProfileChanged', version: 1, personal: of('name', 'email') }),
  defineEvent<ConsentsChanged>({ type: 'ConsentsChanged', version: 1 }),
  defineEvent<ChildAdded>({ type: 'ChildAdded', version: 1, personal: of('name', 'birthDate') }),
  defineEvent<ChildChanged>({ type: 'ChildChanged', version: 1, personal: of('name', 'birthDate') }),
  defineEvent<ChildPhotoStored>({ type: 'ChildPhotoStored', version: 1, personal: of('photoKey') }),
  defineEvent<ChildPhotoRemoved>({ type: 'ChildPhotoRemoved', version: 1, personal: of('photoKey') }),
  defineEvent<ChildRemoved>({ type: 'ChildRemoved', version: 1 }),
  // Holds an id and nothing else; parks forget what they were shown of the guest's tickets.
  defineEvent<UserErased>({ type: 'UserErased', version: 1, travels: { down: 'every_park', mustUnderstand: 1 } }),
  defineEvent<GuestLookedUp>({ type: 'GuestLookedUp', version: 1 }),
];
