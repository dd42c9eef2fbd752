import type { Language } from '../domain/user-messages.ts';

/** An account as its owner sees it. */
export type Account = {
  readonly userId: string;
  /** E.164. */
  readonly phone: string;
  /** Whether a code that was sent to the phone came back. */
  readonly phoneVerified: boolean;
  readonly name: string;
  readonly email: string | null;
  readonly language: Language;
  /** How often the profile was written: 1 after registering. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/** Port: accounts as they are now; null when there is none or its data was erased. */
export type Accounts = { find(userId: string): Promise<Account | null> };
