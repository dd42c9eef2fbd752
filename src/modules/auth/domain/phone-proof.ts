import type { Decider } from '../../../kernel/decider.ts';
import { ok } from '../../../kernel/result.ts';

/** Whoever holds the account has shown that messages to its number reach them. */
export type PhoneVerified = { readonly type: 'PhoneVerified'; readonly data: { readonly userId: string } };

type ProofCommand = { readonly userId: string };
type ProofState = { readonly verified: boolean };

/** Whether the number of an account was proven to be its owner's. Once is enough: the number of an account never changes. */
export const phoneProof: Decider<ProofCommand, ProofState, PhoneVerified, never> = {
  aggregateType: 'PhoneProof',
  initial: { verified: false },
  decide: ({ userId }, { verified }) => ok(verified ? [] : [{ type: 'PhoneVerified', data: { userId } }]),
  evolve: () => ({ verified: true }),
};
