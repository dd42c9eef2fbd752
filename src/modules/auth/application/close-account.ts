import { BrokenInvariant } from '../../../kernel/assert.ts';
import { step, type CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { normalizePassword } from '../domain/password.ts';
import { staff } from '../domain/staff.ts';
import { staffStream } from './change-role.ts';
import type { Credentials } from './credentials.ts';
import type { OneTimeCodes } from './one-time-codes.ts';
import type { PasswordResets } from './password-resets.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { Challenges, SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';

/** Whether the password is the account's own. */
export type ConfirmPassword = (userId: string, password: string) => Promise<Result<boolean, Busy>>;

/** Ends all that lets anybody in as an account that was erased, and takes its roles away. Harmless to repeat. */
export type CloseAccount = (userId: string) => Promise<void>;

type Dependencies = {
  readonly credentials: Credentials;
  readonly passwords: Passwords;
  readonly resets: PasswordResets;
  readonly codes: OneTimeCodes;
  readonly challenges: Pick<Challenges, 'removeOf'>;
  readonly factors: Pick<SecondFactors, 'removeAll'>;
  readonly sessions: Sessions;
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly watch: SessionWatch;
  readonly clock: Clock;
};

export const createConfirmPassword =
  ({ credentials, passwords }: Pick<Dependencies, 'credentials' | 'passwords'>): ConfirmPassword =>
  async (userId, password) =>
    passwords.matches(await credentials.passwordHash(userId), normalizePassword(password));

export function createCloseAccount(dependencies: Omit<Dependencies, 'passwords'>): CloseAccount {
  const { credentials, resets, codes, challenges, factors, sessions, watch, runner, ids, clock } = dependencies;
  return async (userId) => {
    // First what could set a password anew.
    await codes.removeOf(userId);
    await resets.removeOf(userId);
    await challenges.removeOf(userId);
    await credentials.remove(userId);
    await sessions.close(userId, clock.now());
    await factors.removeAll(userId, clock.now());
    const command = { kind: 'close', userId } as const;
    const steps = (['admin', 'gate'] as const).map((role) => step(staff, staffStream(ids, role, userId), command));
    const done = await runner.runAll(steps, { actor: 'system', correlationId: `close-account:${userId}` });
    if (!done.ok) throw new BrokenInvariant(`roles of a closed account cannot stay for ${done.refusal.code}`);
    watch.expire();
  };
}
