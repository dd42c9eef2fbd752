import { step, type CommandMeta, type CommandRunner, type Step } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { user } from '../domain/user.ts';
import type { UserRefusal } from '../domain/user-messages.ts';
import type { Account, Accounts } from './accounts.ts';
import { PHONE_SCOPE } from './phone-numbers.ts';
import type { ConfirmPassword, FinishErasure, GiveUpStep, HasTickets, Unfinished, UnfinishedOf } from './ports.ts';

type RequestRefusal = { readonly code: 'user_not_found' } | ({ readonly code: 'account_in_use' } & Unfinished);
export type ErasureRefusal = RequestRefusal | { readonly code: 'wrong_password' | 'busy' };

/** For ever, by whoever knows the password. */
export type EraseAccount = (
  userId: string,
  password: string,
  meta: CommandMeta,
) => Promise<Result<null, ErasureRefusal>>;

/** The same for whoever asked for it by another way than the own password, on the word of somebody who answers for the program. */
export type EraseOnRequest = (userId: string, meta: CommandMeta) => Promise<Result<null, RequestRefusal>>;

/**
 * Closes an account that nobody proved the number of and that never had a ticket, so that its number is free for whoever
 * proves it. Refused for any other account.
 */
export type YieldNumber = (
  userId: string,
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'phone_verified' | 'has_tickets' | 'user_not_found' }>>;

/**
 * Erases whose account a restore of the database brought back; what else has a key of this id loses it, too. Harmless to repeat.
 * Answers whether there was an account to erase.
 */
export type EraseAgain = (userId: string, meta: CommandMeta) => Promise<boolean>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'ownerOf'>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly confirmPassword: ConfirmPassword;
  readonly unfinishedOf: UnfinishedOf;
  readonly hasTickets: HasTickets;
  readonly finishErasure: FinishErasure;
  readonly giveUpStep: GiveUpStep;
  readonly onError: (error: unknown) => void;
};

/**
 * Erasing is one event; what follows from it is done at once and, after a crash in between, by a flow that heard the event.
 */
export function createErasure(dependencies: Dependencies): {
  readonly eraseAccount: EraseAccount;
  readonly eraseOnRequest: EraseOnRequest;
  readonly yieldNumber: YieldNumber;
  readonly eraseAgain: EraseAgain;
} {
  const { runner, store, vault, clock, accounts } = dependencies;

  /** Ends the account and frees its number, together with the other steps or not at all. */
  async function erase<Refusal extends { readonly code: string } = never>(
    account: Account | null,
    meta: CommandMeta,
    others: readonly Step<Refusal>[] = [],
  ) {
    if (account === null) return refuse({ code: 'user_not_found' });
    const { userId } = account;
    const key = vault.blindIndex(PHONE_SCOPE, account.phone);
    const isOwn = (await store.ownerOf(PHONE_SCOPE, key)) === userId;
    const claims = isOwn ? [{ scope: PHONE_SCOPE, key, owner: null }] : [];
    const erasing = step(user, userId, { kind: 'erase', userId });
    const done = await runner.runAll<UserRefusal | Refusal>([...others, erasing], meta, { claims });
    if (!done.ok) return done;
    await dependencies.finishErasure(userId).catch(dependencies.onError);
    return ok(null);
  }

  const eraseOnRequest: EraseOnRequest = async (userId, meta) => {
    const unfinished = await dependencies.unfinishedOf(userId, clock.now());
    const isInUse = unfinished.ticketIds.length + unfinished.paymentIds.length > 0;
    if (isInUse) return refuse({ code: 'account_in_use', ...unfinished });
    const erased = await erase(await accounts.find(userId), meta);
    return erased.ok ? erased : refuse(only(['user_not_found'], erased.refusal));
  };

  return {
    eraseOnRequest,
    async eraseAccount(userId, password, meta) {
      const confirmed = await dependencies.confirmPassword(userId, password);
      if (!confirmed.ok) return confirmed;
      return confirmed.value ? eraseOnRequest(userId, meta) : refuse({ code: 'wrong_password' });
    },
    async eraseAgain(userId, meta) {
      const account = await accounts.find(userId);
      if (account !== null) await erase(account, meta);
      await dependencies.finishErasure(userId);
      return account !== null;
    },
    async yieldNumber(userId, meta) {
      if (await dependencies.hasTickets(userId)) return refuse({ code: 'has_tickets' });
      const account = await accounts.find(userId);
      const erased = await erase(account, meta, [dependencies.giveUpStep(userId)]);
      if (erased.ok) return erased;
      if (erased.refusal.code === 'decided_otherwise') return refuse({ code: 'phone_verified' });
      return refuse(only(['user_not_found'], erased.refusal));
    },
  };
}
