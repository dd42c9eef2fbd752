import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { PhoneVerified } from '../contract.ts';

type ProofData = { readonly userId: string };

/** Somebody else proved the number of an account that never had: the account has none any more. */
export type NumberYielded = { readonly type: 'NumberYielded'; readonly data: ProofData };

export type ProofCommand = { readonly kind: 'prove' | 'yield'; readonly userId: string };
export type ProofState = 'unproven' | 'proven' | 'yielded';
/** It was yielded, and is not proven any more, or was proven, and is not yielded any more. */
export type ProofRefusal = { readonly code: 'decided_otherwise' };

function decide({ kind, userId }: ProofCommand, state: ProofState) {
  const isProof = kind === 'prove';
  if (state === (isProof ? 'proven' : 'yielded')) return ok([]); // told twice
  if (state !== 'unproven') return refuse({ code: 'decided_otherwise' } as const);
  return ok([{ type: isProof ? 'PhoneVerified' : 'NumberYielded', data: { userId } } as const]);
}

/**
 * Whether the number of an account was proven to be its owner's, or given up to whoever proved it. The first of the two is
 * the last word: the number of an account never changes.
 */
export const phoneProof: Decider<ProofCommand, ProofState, PhoneVerified | NumberYielded, ProofRefusal> = {
  aggregateType: 'PhoneProof',
  initial: 'unproven',
  decide: (command, state): Result<readonly (PhoneVerified | NumberYielded)[], ProofRefusal> => decide(command, state),
  evolve(_state, event) {
    switch (event.type) {
      case 'PhoneVerified':
        return 'proven';
      case 'NumberYielded':
        return 'yielded';
      default:
        return unreachable(event, 'phone proof event');
    }
  },
};
