import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type {
  PasskeyRefused,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SecondFactorEnrolled,
  SecondFactorRemoved,
  SecondFactorReset,
} from '../contract.ts';

/** What a person can have besides the password. */
export type FactorKind = SecondFactorEnrolled['data']['factor'];

/** One factor of an account: its authenticator app, or one of its passkeys. */
export type Factor = { readonly factor: 'totp' } | { readonly factor: 'passkey'; readonly passkeyId: string };

export type SecondFactorEvent =
  | SecondFactorEnrolled
  | SecondFactorRemoved
  | SecondFactorReset
  | PasskeyRefused
  | RecoveryCodeUsed
  | RecoveryCodesRenewed;

type Owner = { readonly userId: string; readonly why: 'guest' | 'staff' };

export type SecondFactorCommand =
  | (Owner & Factor & { readonly kind: 'enrol' | 'remove' })
  | (Owner & { readonly kind: 'refuse_passkey'; readonly passkeyId: string })
  /** An admin, or whoever runs the installation, takes away what somebody lost. */
  | { readonly kind: 'reset'; readonly userId: string }
  | (Owner & { readonly kind: 'use_recovery_code'; readonly codesLeft: number })
  | (Owner & { readonly kind: 'renew_recovery_codes' });

/** The factors that are enrolled, by what tells one from another. */
export type SecondFactorState = { readonly enrolled: ReadonlySet<string> };

const nameOf = (factor: Factor): string => (factor.factor === 'totp' ? 'totp' : factor.passkeyId);

const factorOf = (factor: Factor): Factor =>
  factor.factor === 'totp' ? { factor: 'totp' } : { factor: 'passkey', passkeyId: factor.passkeyId };

function decide(command: SecondFactorCommand, { enrolled }: SecondFactorState): readonly SecondFactorEvent[] {
  const { userId } = command;
  switch (command.kind) {
    case 'enrol':
      if (enrolled.has(nameOf(command))) return [];
      return [{ type: 'SecondFactorEnrolled', data: { userId, ...factorOf(command), why: command.why } }];
    case 'remove':
      if (!enrolled.has(nameOf(command))) return [];
      return [{ type: 'SecondFactorRemoved', data: { userId, ...factorOf(command), why: command.why } }];
    case 'reset':
      // Also where the log knows of no factor: its enrolment was cut off, and a reset is never silent.
      return [{ type: 'SecondFactorReset', data: { userId } }];
    case 'refuse_passkey':
      return [{ type: 'PasskeyRefused', data: { userId, passkeyId: command.passkeyId, why: command.why } }];
    case 'use_recovery_code':
      return [{ type: 'RecoveryCodeUsed', data: { userId, codesLeft: command.codesLeft, why: command.why } }];
    case 'renew_recovery_codes':
      return [{ type: 'RecoveryCodesRenewed', data: { userId, why: command.why } }];
    default:
      return unreachable(command, 'second factor command');
  }
}

/**
 * What became of the second factors of an account, for its owner and for whoever looks into it. The secrets are kept
 * elsewhere; what was enrolled or removed is told once.
 */
export const secondFactor: Decider<SecondFactorCommand, SecondFactorState, SecondFactorEvent, never> = {
  aggregateType: 'SecondFactor',
  initial: { enrolled: new Set() },
  decide: (command, state): Result<readonly SecondFactorEvent[], never> => ok(decide(command, state)),
  evolve(state, event) {
    switch (event.type) {
      case 'SecondFactorEnrolled':
        return { enrolled: new Set([...state.enrolled, nameOf(event.data)]) };
      case 'SecondFactorRemoved':
        return { enrolled: new Set([...state.enrolled].filter((name) => name !== nameOf(event.data))) };
      case 'SecondFactorReset':
        return { enrolled: new Set() };
      case 'PasskeyRefused':
      case 'RecoveryCodeUsed':
      case 'RecoveryCodesRenewed':
        return state;
      default:
        return unreachable(event, 'second factor event');
    }
  },
};
