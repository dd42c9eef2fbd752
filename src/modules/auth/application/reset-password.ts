import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { parseNewPassword } from '../domain/password.ts';
import type { Accounts } from './accounts.ts';
import type { PasswordResets } from './password-resets.ts';
import type { Busy, Passwords } from './passwords.ts';
import { hashOf, type Sha256 } from './refresh-token.ts';
import type { Challenges } from './second-factors.ts';
import type { SessionWatch } from './session-watch.ts';
import type { TellOwner } from './tell-owner.ts';

export type PasswordResetRefusal =
  { readonly code: 'invalid_reset_token' | 'password_length' | 'password_common' } | Busy;

/** Sets a password by the right that a code gave; every session ends. A password that is refused leaves the right as it was. */
export type ResetPassword = (resetToken: string, newPassword: string) => Promise<Result<null, PasswordResetRefusal>>;

type Dependencies = {
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly resets: PasswordResets;
  readonly passwords: Passwords;
  /** What no account may have, in lower case. */
  readonly commonPasswords: ReadonlySet<string>;
  readonly challenges: Pick<Challenges, 'removeOf'>;
  readonly watch: SessionWatch;
  readonly tellOwner: TellOwner;
  readonly sha256: Sha256;
  readonly clock: Clock;
};

export function createResetPassword(dependencies: Dependencies): ResetPassword {
  const { accounts, resets, passwords, commonPasswords, challenges, watch, tellOwner, sha256, clock } = dependencies;
  return async (resetToken, newPassword) => {
    const tokenHash = hashOf(sha256, resetToken);
    const userId = await resets.ownerOf(tokenHash, clock.now());
    const account = userId === null ? null : await accounts.profile(userId);
    if (account === null) return refuse({ code: 'invalid_reset_token' });
    const parsed = parseNewPassword(newPassword, account.phone, commonPasswords);
    if (!parsed.ok) return parsed;
    const hashed = await passwords.hash(parsed.value);
    if (!hashed.ok) return hashed;
    if (!(await resets.use(tokenHash, hashed.value, clock.now()))) return refuse({ code: 'invalid_reset_token' });
    await challenges.removeOf(account.userId);
    watch.expire();
    await tellOwner(account.userId, 'password_changed', `password:${account.userId}/${clock.now()}`);
    return ok(null);
  };
}
