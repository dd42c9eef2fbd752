import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { Result } from '../../../kernel/result.ts';

/** An account as its owner sees it. */
export type Account = {
  readonly userId: string;
  /** E.164. */
  readonly phone: string;
  readonly name: string;
  readonly email: string | null;
  readonly language: 'ru' | 'ky' | 'en';
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

export type NewAccount = Pick<Account, 'userId' | 'phone' | 'name' | 'email' | 'language'>;

/** Port: who has an account. Phones are given as people type them. */
export type Accounts = {
  register(
    account: NewAccount,
    meta: CommandMeta,
  ): Promise<Result<null, { readonly code: 'phone_taken' | 'bad_phone' | 'bad_name' }>>;
  /** Null when the number is nobody's. */
  userIdByPhone(phone: string): Promise<Result<string | null, { readonly code: 'bad_phone' }>>;
  /** Closes an account that never proved its number and never had a ticket, and frees the number. */
  yieldNumber(
    userId: string,
    meta: CommandMeta,
  ): Promise<Result<null, { readonly code: 'phone_verified' | 'has_tickets' | 'user_not_found' }>>;
  /** Null when there is no such account or its data was erased. */
  profile(userId: string): Promise<Account | null>;
};
