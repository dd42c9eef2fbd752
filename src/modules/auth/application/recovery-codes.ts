import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { RECOVERY_BYTES, RECOVERY_CODES, recoveryCodeOf, shownRecoveryCode } from '../domain/recovery-code.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { KeptRecoveryCode, SecondFactors } from './second-factors.ts';

/** New codes: as they are kept, and as their owner sees them, once. */
export type DrawnRecoveryCodes = { readonly kept: readonly KeptRecoveryCode[]; readonly shown: readonly string[] };

export type DrawRecoveryCodes = () => Promise<Result<DrawnRecoveryCodes, Busy>>;

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

/** Gives an account new recovery codes in place of those it has. */
export type RenewRecoveryCodes = (
  userId: string,
) => Promise<Result<readonly string[], { readonly code: 'no_second_factor' } | Busy>>;

type Dependencies = {
  readonly factors: Pick<SecondFactors, 'kindsOf' | 'replaceRecoveryCodes'>;
  readonly drawRecoveryCodes: DrawRecoveryCodes;
};

export const createRenewRecoveryCodes =
  ({ factors, drawRecoveryCodes }: Dependencies): RenewRecoveryCodes =>
  async (userId) => {
    if ((await factors.kindsOf(userId)).length === 0) return refuse({ code: 'no_second_factor' });
    const drawn = await drawRecoveryCodes();
    if (!drawn.ok) return drawn;
    await factors.replaceRecoveryCodes(userId, drawn.value.kept);
    return ok(drawn.value.shown);
  };
