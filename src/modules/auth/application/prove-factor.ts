import { ok, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { parseRecoveryCode } from '../domain/recovery-code.ts';
import { stepOfCode, type HmacSha1 } from '../domain/totp.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { SecondFactors } from './second-factors.ts';

/** What somebody shows as the second factor. */
export type FactorProof =
  { readonly kind: 'totp'; readonly code: string } | { readonly kind: 'recovery_code'; readonly code: string };

/** Whether that is a second factor of the account. What counted is used up. */
export type ProveFactor = (userId: string, proof: FactorProof, correlationId: string) => Promise<Result<boolean, Busy>>;

/** Where a factor was refused, for the metric. */
export type OnFactorRefused = (where: 'sign_in' | 'step_up' | 'enrolment') => void;

type Dependencies = {
  readonly factors: SecondFactors;
  readonly passwords: Passwords;
  readonly vault: Pick<Vault, 'open'>;
  readonly hmacSha1: HmacSha1;
  readonly tellOfFactor: TellOfFactor;
  readonly clock: Clock;
};

export function createProveFactor(dependencies: Dependencies): ProveFactor {
  const { factors, passwords, vault, hmacSha1, tellOfFactor, clock } = dependencies;

  async function proveTotp(userId: string, code: string): Promise<boolean> {
    const factor = await factors.totp(userId);
    const secret = factor === null ? null : await vault.open(factor.sealedSecret);
    if (factor === null || secret === null) return false;
    const shown = { secret: Buffer.from(secret, 'base64url'), code, nowMs: clock.now(), usedStep: factor.usedStep };
    const step = stepOfCode(hmacSha1, shown);
    return step !== null && (await factors.useStep(userId, step));
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

  return async (userId, proof, correlationId) =>
    proof.kind === 'totp'
      ? ok(await proveTotp(userId, proof.code))
      : proveRecoveryCode(userId, proof.code, correlationId);
}
