import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type { PhoneVerified, RoleGranted, RoleRevoked } from '../contract.ts';
import type { NumberYielded } from '../domain/phone-proof.ts';

export const authEvents: readonly EventDefinition[] = [
  defineEvent<RoleGranted>({ type: 'RoleGranted', version: 1 }),
  defineEvent<RoleRevoked>({ type: 'RoleRevoked', version: 1 }),
  defineEvent<PhoneVerified>({ type: 'PhoneVerified', version: 1 }),
  defineEvent<NumberYielded>({ type: 'NumberYielded', version: 1 }),
];
