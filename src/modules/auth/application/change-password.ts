import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { normalizePassword, parseNewPassword } from '../domain/password.ts';
import type { Accounts } from './accounts.ts';
import type { Credentials } from './credentials.ts';
import type { OneTimeCodes } from './one-time-codes.ts';
import type { PasswordResets } from './password-resets.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { Challenges } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';
import type { TellOwner } from './tell-owner.ts';

export type PasswordChange = {
  readonly userId: string;
  /** The session that asks: the only one that goes on. */
  readonly sessionId: string;
  readonly currentPassword: string;
  readonly newPassword: string;
};

export type PasswordChangeRefusal = { readonly code: 'wrong_password' | 'password_length' | 'password_common' } | Busy;

export type ChangePassword = (change: PasswordChange) => Promise<Result<null, PasswordChangeRefusal>>;

type Dependencies = {
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  /** What no account may have, in lower case. */
  readonly commonPasswords: ReadonlySet<string>;
  readonly codes: Pick<OneTimeCodes, 'removeOf'>;
  readonly resets: Pick<PasswordResets, 'removeOf'>;
  readonly challenges: Pick<Challenges, 'removeOf'>;
  readonly sessions: Sessions;
  readonly watch: SessionWatch;
  readonly tellOwner: TellOwner;
  readonly clock: Clock;
};

/** Replaces a password whose owner knows it, and signs every other device out: one of them may be why it is changed. */
export function createChangePassword(dependencies: Dependencies): ChangePassword {
  const { accounts, credentials, passwords, commonPasswords, codes, resets, challenges, sessions } = dependencies;
  const { watch, tellOwner, clock } = dependencies;
  return async ({ userId, sessionId, currentPassword, newPassword }) => {
    const oldHash = await credentials.passwordHash(userId);
    const matched = await passwords.matches(oldHash, normalizePassword(currentPassword));
    if (!matched.ok) return matched;
    const account = await accounts.profile(userId);
    if (!matched.value || oldHash === null || account === null) return refuse({ code: 'wrong_password' });
    const parsed = parseNewPassword(newPassword, account.phone, commonPasswords);
    if (!parsed.ok) return parsed;
    const hashed = await passwords.hash(parsed.value);
    if (!hashed.ok) return hashed;
    const isDone = await credentials.replace({ userId, passwordHash: hashed.value, nowMs: clock.now() }, oldHash);
    // Somebody else was faster, so that the current password is another one by now.
    if (!isDone) return refuse({ code: 'wrong_password' });
    // Whoever could reset the password until now may be why it is changed.
    await Promise.all([codes, resets, challenges].map((rights) => rights.removeOf(userId)));
    await sessions.revokeAll(userId, 'password_changed', clock.now(), sessionId);
    watch.expire();
    await tellOwner(userId, 'password_changed', `password:${userId}/${clock.now()}`);
    return ok(null);
  };
}
