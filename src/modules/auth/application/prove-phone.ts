import { assert } from '../../../kernel/assert.ts';
import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { phoneProof, type ProofRefusal } from '../domain/phone-proof.ts';
import type { Accounts } from './accounts.ts';
import type { PhoneProofs } from './phone-proofs.ts';
import type { Roles } from './roles.ts';

/** Somebody showed that messages to the number of an account reach them. */
type Shown = {
  readonly userId: string;
  /** The account that is signed in on the device they use, if any. */
  readonly callerId: string | null;
  readonly correlationId: string;
};

/** `number_released`: the account is gone, and the number free. `proof_needs_sign_in`: only the account itself may prove it. */
export type ProvePhoneRefusal = { readonly code: 'number_released' | 'proof_needs_sign_in' };

type Dependencies = {
  readonly accounts: Pick<Accounts, 'yieldNumber'>;
  readonly proofs: PhoneProofs;
  readonly roles: Pick<Roles, 'of'>;
  readonly runner: CommandRunner;
  readonly ids: Ids;
};

const proofStream = (ids: Ids, userId: string): string => ids.derive(`phone-proof:${userId}`);

/** Counts the number of an account as proven without a code. */
export type VouchForPhone = (userId: string, meta: CommandMeta) => Promise<void>;

export const createVouchForPhone =
  ({ runner, ids }: Pick<Dependencies, 'runner' | 'ids'>): VouchForPhone =>
  async (userId, meta) => {
    const done = await runner.run(phoneProof, proofStream(ids, userId), { kind: 'prove', userId }, meta);
    assert(done.ok, 'the number of an account in use was not given up');
  };

/** The part of auth when an account gives its number up: refused once the number was proven. */
export const giveUpStep =
  (ids: Ids) =>
  (userId: string): Step<ProofRefusal> =>
    step(phoneProof, proofStream(ids, userId), { kind: 'yield', userId });

/**
 * Makes sure that the number of the account is proven to be its owner's. Whoever opened an account that never proved it may
 * be a stranger to the number, and what they wrote is not for whoever has it: unless the account is signed in where the code
 * is shown, it is closed and its number is free. An account that has something to lose, tickets or duties, stays.
 */
export async function provePhone(
  { accounts, proofs, roles, runner, ids }: Dependencies,
  { userId, callerId, correlationId }: Shown,
): Promise<Result<null, ProvePhoneRefusal>> {
  if (await proofs.has(userId)) return ok(null);
  const meta: CommandMeta = { actor: `user:${userId}`, correlationId };
  if (callerId === userId) {
    const done = await runner.run(phoneProof, proofStream(ids, userId), { kind: 'prove', userId }, meta);
    return done.ok ? ok(null) : refuse({ code: 'number_released' });
  }
  if ((await roles.of(userId)).length > 0) return refuse({ code: 'proof_needs_sign_in' });
  const yielded = await accounts.yieldNumber(userId, { ...meta, actor: 'system' });
  if (yielded.ok) return refuse({ code: 'number_released' });
  switch (yielded.refusal.code) {
    case 'has_tickets':
      return refuse({ code: 'proof_needs_sign_in' });
    case 'user_not_found':
      return refuse({ code: 'number_released' });
    case 'phone_verified':
      // The account itself was faster.
      return ok(null);
  }
}
