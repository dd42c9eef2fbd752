import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Factor } from '../domain/second-factor.ts';
import { base32, stepOfCode, TOTP_SECRET_BYTES, totpUri, type HmacSha1 } from '../domain/totp.ts';
import type { Accounts } from './accounts.ts';
import type { AfterEnrolment } from './after-enrolment.ts';
import type { Attempt, TooMany } from './attempts.ts';
import type { AccessToken, IssueTokens } from './issue-tokens.ts';
import type { Passkeys } from './passkeys.ts';
import type { Busy } from './passwords.ts';
import type { OnFactorRefused } from './prove-factor.ts';
import type { DrawForFirst } from './recovery-codes.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';

/** What an authenticator app is told; it is shown once. */
export type TotpSecret = {
  /** Base32, for typing. */
  readonly secret: string;
  /** The same with all that the app needs, for a QR code. */
  readonly uri: string;
};

/** Makes a secret, which counts for nothing before a code of it was shown. */
export type BeginTotp = (
  userId: string,
) => Promise<Result<TotpSecret, { readonly code: 'second_factor_exists' | 'user_not_found' }>>;

type BeginNeeds = {
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly factors: Pick<SecondFactors, 'beginTotp'>;
  readonly vault: Pick<Vault, 'seal'>;
  readonly ids: Ids;
  readonly clock: Clock;
};

/** How long an app may take to show its first code. */
const PENDING_MS = 900_000;

export function createBeginTotp({ accounts, factors, vault, ids, clock }: BeginNeeds): BeginTotp {
  return async (userId) => {
    const account = await accounts.profile(userId);
    const secret = ids.secret(TOTP_SECRET_BYTES);
    const sealed = await vault.seal(userId, secret);
    if (account === null || sealed === null) return refuse({ code: 'user_not_found' });
    if (!(await factors.beginTotp(userId, sealed, clock.now()))) return refuse({ code: 'second_factor_exists' });
    const bytes = Buffer.from(secret, 'base64url');
    return ok({ secret: base32(bytes), uri: totpUri(bytes, account.phone) });
  };
}

export type TotpConfirmation = {
  readonly userId: string;
  /** The session that asks: the only one that goes on. */
  readonly sessionId: string;
  readonly code: string;
  readonly address: string;
  readonly correlationId: string;
};

/** Recovery codes when it is the first factor, shown once, and a token that says that there were two factors. */
export type TotpConfirmed = AccessToken & { readonly recoveryCodes: readonly string[] };

/** `wrong_second_factor`: not the code of the secret that waits, or none waits any more. */
export type ConfirmTotp = (
  confirmation: TotpConfirmation,
) => Promise<Result<TotpConfirmed, { readonly code: 'wrong_second_factor' } | TooMany | Busy>>;

type ConfirmNeeds = {
  readonly factors: SecondFactors;
  readonly drawForFirst: DrawForFirst;
  readonly vault: Pick<Vault, 'open'>;
  readonly hmacSha1: HmacSha1;
  readonly attempt: Attempt;
  readonly onFactorRefused: OnFactorRefused;
  readonly sessions: Pick<Sessions, 'noteFactor'>;
  readonly issueTokens: IssueTokens;
  readonly afterEnrolment: AfterEnrolment;
  readonly clock: Clock;
};

/** Has the factor count from now on. Every other session ends: it was opened without. */
export function createConfirmTotp(needs: ConfirmNeeds): ConfirmTotp {
  const { factors, drawForFirst, vault, hmacSha1, attempt, onFactorRefused, sessions, issueTokens } = needs;
  const { afterEnrolment, clock } = needs;

  /** The secret that waits and the step of its code; null when it is another code or none waits. */
  async function match(userId: string, code: string) {
    const pending = await factors.pendingTotp(userId, clock.now() - PENDING_MS);
    const secret = pending === null ? null : await vault.open(pending.sealedSecret);
    if (pending === null || secret === null) return null;
    const shown = { secret: Buffer.from(secret, 'base64url'), code, nowMs: clock.now(), usedStep: 0 };
    const step = stepOfCode(hmacSha1, shown);
    return step === null ? null : { sealedSecret: pending.sealedSecret, step };
  }

  return async ({ userId, sessionId, code, address, correlationId }) => {
    const allowed = await attempt('second-factor', userId, address);
    if (!allowed.ok) return allowed;
    const matched = await match(userId, code);
    if (matched === null) {
      onFactorRefused('enrolment');
      return refuse({ code: 'wrong_second_factor' });
    }
    const drawn = await drawForFirst(userId);
    if (!drawn.ok) return drawn;
    const { kept, shown } = drawn.value;
    const nowMs = clock.now();
    const rank = await factors.confirmTotp({ userId, ...matched, nowMs, recoveryCodes: kept });
    const session = rank === null ? null : await sessions.noteFactor({ sessionId, userId }, nowMs);
    if (session === null) return refuse({ code: 'wrong_second_factor' });
    await afterEnrolment({ userId, sessionId, nowMs, correlationId }, { factor: 'totp' });
    return ok({ ...(await issueTokens.access(session, nowMs)), recoveryCodes: rank === 'first' ? shown : [] });
  };
}

/** Does what follows from an app or a passkey that counts where a crash came in between: ends sessions, writes it down, tells the owner. */
export type FinishEnrolments = () => Promise<void>;

type FinishNeeds = {
  readonly factors: Pick<SecondFactors, 'untold'>;
  readonly passkeys: Pick<Passkeys, 'untold'>;
  readonly afterEnrolment: AfterEnrolment;
  readonly clock: Clock;
};

/** Whoever takes longer to confirm than that has stopped, ms. */
const FINISHED_MS = 60_000;

/** No session is spared, as nobody knows any more which one asked. What is told already is told to the owner once more, and written once. */
export function createFinishEnrolments({ factors, passkeys, afterEnrolment, clock }: FinishNeeds): FinishEnrolments {
  const finish = (userId: string, factor: Factor): Promise<void> =>
    afterEnrolment({ userId, nowMs: clock.now(), correlationId: 'finish-enrolment' }, factor);

  return async () => {
    for (const userId of await factors.untold(clock.now() - FINISHED_MS)) await finish(userId, { factor: 'totp' });
    for (const { userId, passkeyId } of await passkeys.untold(clock.now() - FINISHED_MS)) {
      await finish(userId, { factor: 'passkey', passkeyId });
    }
  };
}
