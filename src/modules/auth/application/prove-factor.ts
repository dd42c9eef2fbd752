import { MS_A_DAY, type Clock } from '../../../kernel/time.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { parseRecoveryCode } from '../domain/recovery-code.ts';
import { stepOfCode, type HmacSha1 } from '../domain/totp.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { PasskeyAssertion } from './passkeys.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { ProvePasskey } from './prove-passkey.ts';
import type { SecondFactors } from './second-factors.ts';
import type { TellOwner } from './tell-owner.ts';

/** What somebody shows as the second factor. */
export type FactorProof =
  | { readonly kind: 'totp'; readonly code: string }
  | { readonly kind: 'recovery_code'; readonly code: string }
  | { readonly kind: 'passkey'; readonly assertion: PasskeyAssertion };

/** Who shows what, and what for. */
export type ShownFactor = {
  readonly userId: string;
  readonly proof: FactorProof;
  /** What a passkey was asked for; nothing that one was asked for elsewhere counts. */
  readonly occasion: string;
  readonly correlationId: string;
};

/** Whether that is a second factor of the account. What counted is used up. */
export type ProveFactor = (shown: ShownFactor) => Promise<Result<boolean, Busy>>;

/** Where a factor was refused, for the metric. */
export type OnFactorRefused = (where: 'sign_in' | 'step_up' | 'enrolment') => void;

type Dependencies = {
  readonly factors: SecondFactors;
  readonly passwords: Passwords;
  readonly vault: Pick<Vault, 'open'>;
  readonly hmacSha1: HmacSha1;
  readonly provePasskey: ProvePasskey;
  readonly tellOfFactor: TellOfFactor;
  readonly tellOwner: TellOwner;
  readonly clock: Clock;
};

/** Since when codes of the app that failed are counted together, ms. */
const FAILED_MS = 30 * MS_A_DAY;
/**
 * With so many the app counts no more, and a recovery code or a reset is what helps: of a million codes three count at a time, so whoever
 * knows the password guesses one with three chances in ten thousand. The most that NIST SP 800-63B, section 3.2.2, allows.
 */
const MOST_FAILED = 100;
/** With so many the owner hears of it: all tries of a quarter of an hour. */
const FAILED_TO_TELL = 10;

export function createProveFactor(dependencies: Dependencies): ProveFactor {
  const { factors, passwords, vault, hmacSha1, provePasskey, tellOfFactor, tellOwner, clock } = dependencies;

  async function isCodeOfApp(userId: string, code: string): Promise<boolean> {
    const factor = await factors.totp(userId);
    const secret = factor === null ? null : await vault.open(factor.sealedSecret);
    if (factor === null || secret === null) return false;
    const shown = { secret: Buffer.from(secret, 'base64url'), code, nowMs: clock.now(), usedStep: factor.usedStep };
    const step = stepOfCode(hmacSha1, shown);
    return step !== null && (await factors.useStep(userId, step));
  }

  /** Whoever shows codes here has shown the password. */
  async function proveTotp(userId: string, code: string): Promise<boolean> {
    const nowMs = clock.now();
    const failed = await factors.countTry(userId, { sinceMs: nowMs - FAILED_MS, nowMs, most: MOST_FAILED });
    if (failed === null) return false;
    if (await isCodeOfApp(userId, code)) return true;
    const occasion = `second-factor-failed:${userId}/${nowMs}`;
    if (failed === FAILED_TO_TELL) await tellOwner(userId, 'factor_guessed', occasion);
    if (failed === MOST_FAILED) await tellOwner(userId, 'factor_closed', occasion);
    return false;
  }

  async function proveRecoveryCode(
    userId: string,
    text: string,
    correlationId: string,
  ): Promise<Result<boolean, Busy>> {
    const code = parseRecoveryCode(text);
    const codeHash = code === null ? null : await factors.recoveryCode(userId, code.name);
    const matched = await passwords.matches(codeHash, code?.secret ?? '');
    if (!matched.ok) return matched;
    if (!matched.value || code === null || codeHash === null) return ok(false);
    const codesLeft = await factors.useRecoveryCode(userId, { name: code.name, codeHash });
    if (codesLeft === null) return ok(false);
    await tellOfFactor({ kind: 'use_recovery_code', userId, codesLeft }, correlationId);
    return ok(true);
  }

  return async ({ userId, proof, occasion, correlationId }) => {
    if (proof.kind === 'totp') return ok(await proveTotp(userId, proof.code));
    if (proof.kind === 'recovery_code') return proveRecoveryCode(userId, proof.code, correlationId);
    return ok(await provePasskey({ userId, assertion: proof.assertion, occasion, correlationId }));
  };
}
