import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { base32, stepOfCode, TOTP_SECRET_BYTES, totpUri, type HmacSha1 } from '../domain/totp.ts';
import type { Accounts } from './accounts.ts';
import type { Attempt, TooMany } from './attempts.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { AccessToken, IssueTokens } from './issue-tokens.ts';
import type { Busy } from './passwords.ts';
import type { OnFactorRefused } from './prove-factor.ts';
import type { DrawRecoveryCodes } from './recovery-codes.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';

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

/** The recovery codes, shown once, and a token that says that there were two factors. */
export type TotpConfirmed = AccessToken & { readonly recoveryCodes: readonly string[] };

/** `wrong_second_factor`: not the code of the secret that waits, or none waits any more. */
export type ConfirmTotp = (
  confirmation: TotpConfirmation,
) => Promise<Result<TotpConfirmed, { readonly code: 'wrong_second_factor' } | TooMany | Busy>>;

type ConfirmNeeds = {
  readonly factors: SecondFactors;
  readonly drawRecoveryCodes: DrawRecoveryCodes;
  readonly vault: Pick<Vault, 'open'>;
  readonly hmacSha1: HmacSha1;
  readonly attempt: Attempt;
  readonly onFactorRefused: OnFactorRefused;
  readonly sessions: Pick<Sessions, 'prove' | 'revokeAll'>;
  readonly issueTokens: IssueTokens;
  readonly watch: SessionWatch;
  readonly tellOfFactor: TellOfFactor;
  readonly clock: Clock;
};

/** Has the factor count from now on. Every other session ends: it was opened without. */
export function createConfirmTotp(needs: ConfirmNeeds): ConfirmTotp {
  const { factors, drawRecoveryCodes, vault, hmacSha1, attempt, onFactorRefused, sessions, issueTokens } = needs;
  const { watch, tellOfFactor, clock } = needs;

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
    const drawn = await drawRecoveryCodes();
    if (!drawn.ok) return drawn;
    const { kept, shown } = drawn.value;
    const nowMs = clock.now();
    const isDone = await factors.confirmTotp({ userId, ...matched, nowMs, recoveryCodes: kept });
    const proof = { authenticatedAtMs: nowMs, isTwoFactor: true };
    const session = isDone ? await sessions.prove({ sessionId, userId }, proof) : null;
    if (session === null) return refuse({ code: 'wrong_second_factor' });
    await sessions.revokeAll(userId, 'factor_changed', nowMs, sessionId);
    watch.expire();
    await tellOfFactor({ kind: 'enrol', userId, factor: 'totp' }, correlationId);
    return ok({ ...(await issueTokens.access(session, nowMs)), recoveryCodes: shown });
  };
}
