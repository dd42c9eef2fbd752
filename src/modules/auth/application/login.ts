import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { normalizePassword } from '../domain/password.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Admission, Admit } from './admit.ts';
import type { Credentials } from './credentials.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { Sessions } from './sessions.ts';
import type { TellOfSignIn } from './tell-owner.ts';

export type LoginRefusal = { readonly code: 'invalid_credentials' | 'bad_phone' } | Busy;

/** The account, and its tokens or what is asked before there are any. */
export type LoginAccepted = Admission & { readonly account: Account };

export type Login = (
  phone: string,
  password: string,
  userAgent?: string | null,
) => Promise<Result<LoginAccepted, LoginRefusal>>;

type Dependencies = {
  readonly accounts: Accounts;
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly sessions: Pick<Sessions, 'revoke'>;
  readonly admit: Admit;
  readonly tellOfSignIn: TellOfSignIn;
  readonly clock: Clock;
};

/** Asked for when nobody has the number, so that the look-up is made all the same. It is nobody's id. */
export const NOBODY = '00000000-0000-7000-8000-000000000000';

/**
 * Signs in. An unknown number takes the same steps, hashing included, and is refused in the same words as a wrong password.
 * A password whose hash is weaker than today's is hashed anew while it is known.
 */
export function createLogin(dependencies: Dependencies): Login {
  const { accounts, credentials, passwords, sessions, admit, tellOfSignIn, clock } = dependencies;

  async function strengthen(userId: string, hash: string, password: string): Promise<string> {
    if (!passwords.isOutdated(hash)) return hash;
    const hashed = await passwords.hash(password);
    const stronger = hashed.ok ? hashed.value : hash;
    const isKept =
      hashed.ok && (await credentials.replace({ userId, passwordHash: stronger, nowMs: clock.now() }, hash));
    return isKept ? stronger : hash;
  }

  return async (phone, text, userAgent = null) => {
    const owner = await accounts.userIdByPhone(phone);
    if (!owner.ok) return owner;
    const userId = owner.value ?? NOBODY;
    const password = normalizePassword(text);
    const hash = await credentials.passwordHash(userId);
    const matched = await passwords.matches(hash, password);
    if (!matched.ok) return matched;
    if (!matched.value || hash === null) return refuse({ code: 'invalid_credentials' });
    const account = await accounts.profile(userId);
    if (account === null) return refuse({ code: 'invalid_credentials' });
    const current = await strengthen(userId, hash, password);
    const admitted = await admit({ account, passwordHash: current, userAgent, isByPassword: true });
    if ('challenge' in admitted) return ok({ account, ...admitted });
    const { tokens } = admitted;
    // A password that was changed since it was checked ended all sessions then, but not this one, which came after.
    if ((await credentials.passwordHash(userId)) === current) {
      await tellOfSignIn(userId, tokens.sessionId, userAgent);
      return ok({ account, tokens });
    }
    await sessions.revoke(tokens.sessionId, 'password_changed', clock.now());
    return refuse({ code: 'invalid_credentials' });
  };
}
