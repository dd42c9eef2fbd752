import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { normalizePassword } from '../domain/password.ts';
import type { Accounts } from './accounts.ts';
import type { Credentials } from './credentials.ts';
import type { IssueTokens } from './issue-tokens.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { SignedIn } from './register.ts';

export type LoginRefusal = { readonly code: 'invalid_credentials' | 'bad_phone' } | Busy;

export type Login = (phone: string, password: string) => Promise<Result<SignedIn, LoginRefusal>>;

type Dependencies = {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly issueTokens: IssueTokens;
  readonly clock: Clock;
};

/** Asked for when nobody has the number, so that the look-up is made all the same. It is nobody's id. */
const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Signs in. An unknown number takes the same steps, hashing included, and is refused in the same words as a wrong password. */
export function createLogin({ accounts, credentials, passwords, issueTokens, clock }: Dependencies): Login {
  return async (phone, password) => {
    const owner = await accounts.userIdByPhone(phone);
    if (!owner.ok) return owner;
    const userId = owner.value ?? NOBODY;
    const hash = await credentials.passwordHash(userId);
    const matched = await passwords.matches(hash, normalizePassword(password));
    if (!matched.ok) return matched;
    if (!matched.value) return refuse({ code: 'invalid_credentials' });
    const account = await accounts.profile(userId);
    if (account === null) return refuse({ code: 'invalid_credentials' });
    return ok({ account, tokens: await issueTokens.open(userId, clock.now()) });
  };
}
