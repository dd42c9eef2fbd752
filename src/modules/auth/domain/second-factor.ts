import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type {
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SecondFactorEnrolled,
  SecondFactorRemoved,
  SecondFactorReset,
} from '../contract.ts';

/** What a person can have besides the password. */
export type FactorKind = SecondFactorEnrolled['data']['factor'];

export type SecondFactorEvent =
  SecondFactorEnrolled | SecondFactorRemoved | SecondFactorReset | RecoveryCodeUsed | RecoveryCodesRenewed;

type Owner = { readonly userId: string; readonly why: 'guest' | 'staff' };

export type SecondFactorCommand =
  | (Owner & { readonly kind: 'enrol' | 'remove'; readonly factor: FactorKind })
  /** An admin, or whoever runs the installation, takes away what somebody lost. */
  | { readonly kind: 'reset'; readonly userId: string }
  | (Owner & { readonly kind: 'use_recovery_code'; readonly codesLeft: number })
  | (Owner & { readonly kind: 'renew_recovery_codes' });

/** The factors that are enrolled. */
export type SecondFactorState = { readonly enrolled: ReadonlySet<FactorKind> };

function decide(command: SecondFactorCommand, { enrolled }: SecondFactorState): readonly SecondFactorEvent[] {
  const { userId } = command;
  switch (command.kind) {
    case 'enrol':
      if (enrolled.has(command.factor)) return [];
      return [{ type: 'SecondFactorEnrolled', data: { userId, factor: command.factor, why: command.why } }];
    case 'remove':
      if (!enrolled.has(command.factor)) return [];
      return [{ type: 'SecondFactorRemoved', data: { userId, factor: command.factor, why: command.why } }];
    case 'reset':
      return enrolled.size === 0 ? [] : [{ type: 'SecondFactorReset', data: { userId } }];
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
 * elsewhere; a fact told twice is the same fact.
 */
export const secondFactor: Decider<SecondFactorCommand, SecondFactorState, SecondFactorEvent, never> = {
  aggregateType: 'SecondFactor',
  initial: { enrolled: new Set() },
  decide: (command, state): Result<readonly SecondFactorEvent[], never> => ok(decide(command, state)),
  evolve(state, event) {
    switch (event.type) {
      case 'SecondFactorEnrolled':
        return { enrolled: new Set([...state.enrolled, event.data.factor]) };
      case 'SecondFactorRemoved':
        return { enrolled: new Set([...state.enrolled].filter((kind) => kind !== event.data.factor)) };
      case 'SecondFactorReset':
        return { enrolled: new Set() };
      case 'RecoveryCodeUsed':
      case 'RecoveryCodesRenewed':
        return state;
      default:
        return unreachable(event, 'second factor event');
    }
  },
};
