import type { CommandMeta } from '../../../kernel/command-runner.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Accounts } from './accounts.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { Challenges, SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';

type Dependencies = {
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly factors: SecondFactors;
  readonly challenges: Pick<Challenges, 'removeOf'>;
  readonly sessions: Pick<Sessions, 'forgetFactor' | 'revokeAll'>;
  readonly watch: SessionWatch;
  readonly tellOfFactor: TellOfFactor;
  readonly clock: Clock;
};

type Removal = { readonly userId: string; readonly sessionId: string; readonly correlationId: string };

/** Takes the authenticator app of its owner away; every other session ends, and this one is one of the password alone from now on. */
export type RemoveTotp = (removal: Removal) => Promise<Result<null, { readonly code: 'no_second_factor' }>>;

export function createRemoveTotp(dependencies: Dependencies): RemoveTotp {
  const { factors, challenges, sessions, watch, tellOfFactor, clock } = dependencies;
  return async ({ userId, sessionId, correlationId }) => {
    if (!(await factors.removeTotp(userId))) return refuse({ code: 'no_second_factor' });
    await challenges.removeOf(userId);
    await sessions.revokeAll(userId, 'factor_changed', clock.now(), sessionId);
    await sessions.forgetFactor(userId);
    watch.expire();
    await tellOfFactor({ kind: 'remove', userId, factor: 'totp' }, correlationId);
    return ok(null);
  };
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
  const { accounts, factors, challenges, sessions, watch, tellOfFactor, clock } = dependencies;
  return async (userId, { actor, correlationId }) => {
    if ((await accounts.profile(userId)) === null) return refuse({ code: 'user_not_found' });
    if ((await factors.kindsOf(userId)).length === 0) return refuse({ code: 'no_second_factor' });
    // First the trail: nothing is taken away that nobody could ask about.
    await tellOfFactor({ kind: 'reset', userId }, correlationId, actor);
    await factors.removeAll(userId);
    await challenges.removeOf(userId);
    await sessions.revokeAll(userId, 'factor_changed', clock.now());
    watch.expire();
    return ok(null);
  };
}
