import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { RECOVERY_BYTES, RECOVERY_CODES, recoveryCodeOf, shownRecoveryCode } from '../domain/recovery-code.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { KeptRecoveryCode, SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';

/** New codes: as they are kept, and as their owner sees them, once. */
export type DrawnRecoveryCodes = { readonly kept: readonly KeptRecoveryCode[]; readonly shown: readonly string[] };

export type DrawRecoveryCodes = () => Promise<Result<DrawnRecoveryCodes, Busy>>;

const NONE: DrawnRecoveryCodes = { kept: [], shown: [] };

/** Codes for whoever has no factor yet; none for anybody else, who has them. Whether it is the first is decided where it is kept. */
export const createDrawForFirst =
  ({ factors, drawRecoveryCodes }: Pick<Dependencies, 'factors' | 'drawRecoveryCodes'>) =>
  async (userId: string): Promise<Result<DrawnRecoveryCodes, Busy>> =>
    (await factors.kindsOf(userId)).length === 0 ? drawRecoveryCodes() : ok(NONE);
export type DrawForFirst = ReturnType<typeof createDrawForFirst>;

export const createDrawRecoveryCodes =
  ({ passwords, ids }: { readonly passwords: Pick<Passwords, 'hash'>; readonly ids: Ids }): DrawRecoveryCodes =>
  async () => {
    const kept: KeptRecoveryCode[] = [];
    const shown: string[] = [];
    for (let number = 0; number < RECOVERY_CODES; number += 1) {
      const code = recoveryCodeOf(Buffer.from(ids.secret(RECOVERY_BYTES), 'base64url'), number);
      // One after the other: whoever signs in meanwhile waits behind one of them only.
      const hashed = await passwords.hash(code.secret);
      if (!hashed.ok) return hashed;
      kept.push({ name: code.name, codeHash: hashed.value });
      shown.push(shownRecoveryCode(code));
    }
    return ok({ kept, shown });
  };

type Renewal = { readonly userId: string; readonly sessionId: string; readonly correlationId: string };

/** Gives an account new recovery codes in place of those it has; every other session ends, and its owner is told. */
export type RenewRecoveryCodes = (
  renewal: Renewal,
) => Promise<Result<readonly string[], { readonly code: 'no_second_factor' } | Busy>>;

type Dependencies = {
  readonly factors: Pick<SecondFactors, 'kindsOf' | 'replaceRecoveryCodes'>;
  readonly drawRecoveryCodes: DrawRecoveryCodes;
  readonly sessions: Pick<Sessions, 'revokeAll'>;
  readonly watch: SessionWatch;
  readonly tellOfFactor: TellOfFactor;
  readonly clock: Clock;
};

export const createRenewRecoveryCodes =
  ({ factors, drawRecoveryCodes, sessions, watch, tellOfFactor, clock }: Dependencies): RenewRecoveryCodes =>
  async ({ userId, sessionId, correlationId }) => {
    if ((await factors.kindsOf(userId)).length === 0) return refuse({ code: 'no_second_factor' });
    const drawn = await drawRecoveryCodes();
    if (!drawn.ok) return drawn;
    await factors.replaceRecoveryCodes(userId, drawn.value.kept);
    await sessions.revokeAll(userId, 'factor_changed', clock.now(), sessionId);
    watch.expire();
    await tellOfFactor({ kind: 'renew_recovery_codes', userId }, correlationId);
    return ok(drawn.value.shown);
  };
