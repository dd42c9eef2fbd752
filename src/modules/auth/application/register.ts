import { assert } from '../../../kernel/assert.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { parseNewPassword } from '../domain/password.ts';
import type { Account, Accounts, NewAccount } from './accounts.ts';
import type { Credentials } from './credentials.ts';
import type { IssueTokens, Tokens } from './issue-tokens.ts';
import type { Busy, Passwords } from './passwords.ts';

export type SignedIn = { readonly account: Account; readonly tokens: Tokens };

export type RegisterRequest = Omit<NewAccount, 'userId'> & {
  readonly password: string;
  readonly correlationId: string;
  readonly userAgent?: string | null;
};

export type RegisterRefusal =
  { readonly code: 'phone_taken' | 'bad_phone' | 'bad_name' | 'password_length' | 'password_common' } | Busy;

export type Register = (request: RegisterRequest) => Promise<Result<SignedIn, RegisterRefusal>>;

type Dependencies = {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  /** What no account may have, in lower case. */
  readonly commonPasswords: ReadonlySet<string>;
  readonly issueTokens: IssueTokens;
  readonly ids: Ids;
  readonly clock: Clock;
};

/**
 * Opens an account and signs its owner in.
 *
 * The password's hash is written first, under an id that nobody knows yet, and the account after it: a crash between the
 * two leaves a row without meaning, never an account that nobody can enter.
 */
export function createRegister(dependencies: Dependencies): Register {
  const { accounts, credentials, passwords, commonPasswords, issueTokens, ids, clock } = dependencies;
  return async ({ password, correlationId, userAgent, ...details }) => {
    const parsed = parseNewPassword(password, details.phone, commonPasswords);
    if (!parsed.ok) return parsed;
    // Spares the hashing; only the claim that goes with the account decides.
    const owner = await accounts.userIdByPhone(details.phone);
    if (!owner.ok) return owner;
    if (owner.value !== null) return refuse({ code: 'phone_taken' });
    const hashed = await passwords.hash(parsed.value);
    if (!hashed.ok) return hashed;

    const userId = ids.next();
    await credentials.add(userId, hashed.value, clock.now());
    const registered = await accounts.register({ ...details, userId }, { actor: `user:${userId}`, correlationId });
    if (!registered.ok) {
      await credentials.remove(userId);
      return registered;
    }
    const account = await accounts.profile(userId);
    assert(account, 'an account that was opened has a profile');
    return ok({
      account,
      tokens: await issueTokens.open(userId, clock.now(), {
        userAgent: userAgent ?? null,
        isByPassword: true,
        isTwoFactor: false,
      }),
    });
  };
}
