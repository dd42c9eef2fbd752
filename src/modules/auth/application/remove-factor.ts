import type { CommandMeta } from '../../../kernel/command-runner.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Accounts } from './accounts.ts';
import type { Factor } from '../domain/second-factor.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { Challenges, SecondFactors } from './second-factors.ts';
import type { SessionWatch } from './session-watch.ts';

type Dependencies = {
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly factors: SecondFactors;
  readonly challenges: Pick<Challenges, 'removeOf'>;
  readonly watch: SessionWatch;
  readonly tellOfFactor: TellOfFactor;
  readonly clock: Clock;
};

type Removal = { readonly userId: string; readonly sessionId: string; readonly correlationId: string };

/** Takes one factor away; false when the account has no such one. */
function createRemove({ factors, challenges, watch, tellOfFactor, clock }: Dependencies) {
  return async ({ userId, sessionId, correlationId }: Removal, factor: Factor): Promise<boolean> => {
    if (!(await factors.has(userId, factor))) return false;
    // First the trail. What is cut off here by a crash is done whole by whoever does it again.
    await tellOfFactor({ kind: 'remove', userId, ...factor }, correlationId);
    const isRemoved = await factors.remove(userId, factor, { atMs: clock.now(), exceptSessionId: sessionId });
    watch.expire();
    await challenges.removeOf(userId);
    return isRemoved;
  };
}

/**
 * Takes the authenticator app of its owner away; every other session ends, and with the last factor this one is one of the
 * password alone from now on.
 */
export type RemoveTotp = (removal: Removal) => Promise<Result<null, { readonly code: 'no_second_factor' }>>;

export function createRemoveTotp(dependencies: Dependencies): RemoveTotp {
  const remove = createRemove(dependencies);
  return async (removal) =>
    (await remove(removal, { factor: 'totp' })) ? ok(null) : refuse({ code: 'no_second_factor' });
}

/** The same with one passkey. */
export type RemovePasskey = (
  removal: Removal & { readonly passkeyId: string },
) => Promise<Result<null, { readonly code: 'passkey_not_found' }>>;

export function createRemovePasskey(dependencies: Dependencies): RemovePasskey {
  const remove = createRemove(dependencies);
  return async ({ passkeyId, ...removal }) =>
    (await remove(removal, { factor: 'passkey', passkeyId })) ? ok(null) : refuse({ code: 'passkey_not_found' });
}

/**
 * Takes every factor of somebody else's account away and ends its sessions. Whoever does so learns no secret and sets none:
 * the owner signs in with the password and enrols anew.
 */
export type ResetFactors = (
  userId: string,
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'user_not_found' | 'no_second_factor' }>>;

export function createResetFactors(dependencies: Dependencies): ResetFactors {
  const { accounts, factors, challenges, watch, tellOfFactor, clock } = dependencies;
  return async (userId, { actor, correlationId }) => {
    if ((await accounts.profile(userId)) === null) return refuse({ code: 'user_not_found' });
    if ((await factors.kindsOf(userId)).length === 0) return refuse({ code: 'no_second_factor' });
    // First the trail: nothing is taken away that nobody could ask about.
    await tellOfFactor({ kind: 'reset', userId }, correlationId, actor);
    await factors.removeAll(userId, clock.now());
    watch.expire();
    await challenges.removeOf(userId);
    return ok(null);
  };
}
