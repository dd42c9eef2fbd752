import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { NumberYielded, PhoneVerified } from '../domain/phone-proof.ts';
import type { RoleGranted, RoleRevoked } from '../domain/staff.ts';

export const authEvents: readonly EventDefinition[] = [
  defineEvent<RoleGranted>({ type: 'RoleGranted', version: 1 }),
  defineEvent<RoleRevoked>({ type: 'RoleRevoked', version: 1 }),
  defineEvent<PhoneVerified>({ type: 'PhoneVerified', version: 1 }),
  defineEvent<NumberYielded>({ type: 'NumberYielded', version: 1 }),
];
