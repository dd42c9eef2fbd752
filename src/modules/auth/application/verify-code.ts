import type { CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { judgeCode, type CodePurpose } from '../domain/one-time-code.ts';
import type { Accounts } from './accounts.ts';
import type { Admit, FactorAsked } from './admit.ts';
import type { Attempt, TooMany } from './attempts.ts';
import type { Credentials } from './credentials.ts';
import type { OneTimeCodes } from './one-time-codes.ts';
import type { PasswordResets } from './password-resets.ts';
import type { PhoneProofs } from './phone-proofs.ts';
import { provePhone, type ProvePhoneRefusal } from './prove-phone.ts';
import { hashOf, newRefreshToken, type Sha256 } from './refresh-token.ts';
import type { SignedIn } from './register.ts';
import { codeKey, hashOfCode, type ParsePhone } from './request-code.ts';
import type { Roles } from './roles.ts';
import type { Sessions } from './sessions.ts';
import type { TellOfSignIn } from './tell-owner.ts';

export type CodeShown = {
  readonly phone: string;
  readonly code: string;
  readonly purpose: CodePurpose;
  readonly address: string;
  /** The account that is signed in on the device that shows the code, if any. */
  readonly callerId: string | null;
  readonly userAgent: string | null;
  readonly correlationId: string;
};

export type CodeAccepted =
  | { readonly kind: 'signed_in'; readonly signedIn: SignedIn }
  | ({ readonly kind: 'factor_asked' } & FactorAsked)
  | { readonly kind: 'may_reset'; readonly resetToken: string };

export type CodeRefusal = { readonly code: 'bad_phone' | 'invalid_code' } | ProvePhoneRefusal | TooMany;

/** Trades a code for tokens, or for the right to set a new password. Works once. */
export type VerifyCode = (shown: CodeShown) => Promise<Result<CodeAccepted, CodeRefusal>>;

type Dependencies = {
  readonly parsePhone: ParsePhone;
  readonly accounts: Accounts;
  readonly codes: OneTimeCodes;
  readonly proofs: PhoneProofs;
  readonly roles: Pick<Roles, 'of'>;
  readonly resets: PasswordResets;
  readonly sessions: Pick<Sessions, 'revoke'>;
  readonly credentials: Pick<Credentials, 'passwordHash'>;
  readonly admit: Admit;
  readonly tellOfSignIn: TellOfSignIn;
  readonly runner: CommandRunner;
  readonly attempt: Attempt;
  readonly vault: Pick<Vault, 'blindIndex'>;
  readonly ids: Ids;
  readonly sha256: Sha256;
  readonly clock: Clock;
  /** A code that counts as well as the one that was sent; null outside of demonstrations. */
  readonly demoCode: string | null;
};

/** How long after the code a new password may be set. */
const RESET_MS = 900_000;

export function createVerifyCode(dependencies: Dependencies): VerifyCode {
  const { parsePhone, accounts, codes, attempt, vault, clock, demoCode } = dependencies;
  const { resets, sessions, credentials, admit, tellOfSignIn, ids, sha256 } = dependencies;

  async function isRight(phone: string, purpose: CodePurpose, code: string): Promise<boolean> {
    const key = codeKey(vault, phone, purpose);
    const change = await codes.change(key, (kept) => {
      const isMatch = code === demoCode || hashOfCode(vault, key, kept.salt, code) === kept.codeHash;
      const judgement = judgeCode(kept, isMatch, clock.now());
      return judgement === 'right' ? 'use_up' : judgement === 'wrong' ? 'count_wrong_try' : 'keep';
    });
    return change === 'use_up';
  }

  return async ({ phone: text, code, purpose, address, callerId, userAgent, correlationId }) => {
    const phone = parsePhone(text);
    if (phone === null) return refuse({ code: 'bad_phone' });
    const allowed = await attempt('otp-verify', phone, address);
    if (!allowed.ok) return allowed;
    const accepted = await isRight(phone, purpose, code);
    const owner = await accounts.userIdByPhone(phone);
    if (!accepted || !owner.ok || owner.value === null) return refuse({ code: 'invalid_code' });
    const userId = owner.value;
    const account = await accounts.profile(userId);
    if (account === null) return refuse({ code: 'invalid_code' });
    const proven = await provePhone(dependencies, { userId, callerId, correlationId });
    if (!proven.ok) return proven;
    if (purpose === 'reset') {
      const resetToken = newRefreshToken(ids);
      await resets.add({ tokenHash: hashOf(sha256, resetToken), userId, expiresAtMs: clock.now() + RESET_MS });
      return ok({ kind: 'may_reset', resetToken });
    }
    const passwordHash = await credentials.passwordHash(userId);
    const admitted = await admit({ account, passwordHash, userAgent, isByPassword: false });
    if ('challenge' in admitted) return ok({ kind: 'factor_asked', ...admitted });
    const { tokens } = admitted;
    // An account that was closed since it was looked at ended all sessions then, but not this one, which came after.
    if ((await accounts.profile(userId)) !== null) {
      await tellOfSignIn(userId, tokens.sessionId, userAgent);
      return ok({ kind: 'signed_in', signedIn: { account, tokens } });
    }
    await sessions.revoke(tokens.sessionId, 'account_closed', clock.now());
    return refuse({ code: 'invalid_code' });
  };
}
