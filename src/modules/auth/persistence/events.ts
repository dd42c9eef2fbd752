import { defineEvent, type EventDefinition } from '../../../kernel/event-definition.ts';
import type {
  PasskeyRefused,
  PhoneVerified,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  RoleGranted,
  RoleRevoked,
  SecondFactorEnrolled,
  SecondFactorRemoved,
  SecondFactorReset,
  SessionsEnded,
} from '../contract.ts';
import type { NumberYielded } from '../domain/phone-proof.ts';

export const authEvents: readonly EventDefinition[] = [
  defineEvent<RoleGranted>({ type: 'RoleGranted', version: 1 }),
  defineEvent<RoleRevoked>({ type: 'RoleRevoked', version: 1 }),
  defineEvent<PhoneVerified>({ type: 'PhoneVerified', version: 1 }),
  defineEvent<NumberYielded>({ type: 'NumberYielded', version: 1 }),
  defineEvent<SecondFactorEnrolled>({ type: 'SecondFactorEnrolled', version: 1 }),
  defineEvent<SecondFactorRemoved>({ type: 'SecondFactorRemoved', version: 1 }),
  defineEvent<SecondFactorReset>({ type: 'SecondFactorReset', version: 1 }),
  defineEvent<PasskeyRefused>({ type: 'PasskeyRefused', version: 1 }),
  defineEvent<SessionsEnded>({ type: 'SessionsEnded', version: 1 }),
  defineEvent<RecoveryCodeUsed>({ type: 'RecoveryCodeUsed', version: 1 }),
  defineEvent<RecoveryCodesRenewed>({ type: 'RecoveryCodesRenewed', version: 1 }),
];
