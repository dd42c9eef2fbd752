import type { Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { normalizePassword } from '../domain/password.ts';
import type { Credentials } from './credentials.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';

/** Whether the password is the account's own. */
export type ConfirmPassword = (userId: string, password: string) => Promise<Result<boolean, Busy>>;

/** Ends every session of an account that was erased, and forgets its password. Harmless to repeat. */
export type CloseAccount = (userId: string) => Promise<void>;

type Dependencies = {
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly watch: SessionWatch;
  readonly clock: Clock;
};

export const createConfirmPassword =
  ({ credentials, passwords }: Pick<Dependencies, 'credentials' | 'passwords'>): ConfirmPassword =>
  async (userId, password) =>
    passwords.matches(await credentials.passwordHash(userId), normalizePassword(password));

export const createCloseAccount =
  ({ credentials, sessions, watch, clock }: Omit<Dependencies, 'passwords'>): CloseAccount =>
  async (userId) => {
    await credentials.remove(userId);
    await sessions.revokeAll(userId, 'account_closed', clock.now());
    watch.expire();
  };
