import type { Clock } from '../../../kernel/time.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';
import type { TellOwner } from './tell-owner.ts';

export type Logout = {
  /** Ends one session. Harmless when it has ended. */
  here(sessionId: string): Promise<void>;
  /** Ends one of the account's other sessions; false when it has no such session. */
  there(userId: string, sessionId: string): Promise<boolean>;
  /** Ends every session of an account. */
  everywhere(userId: string): Promise<void>;
};

type Dependencies = {
  readonly sessions: Sessions;
  readonly watch: SessionWatch;
  readonly tellOwner: TellOwner;
  readonly clock: Clock;
};

/** Ending a session ends its refresh tokens at once and its access tokens within seconds on every process. */
export function createLogout({ sessions, watch, tellOwner, clock }: Dependencies): Logout {
  return {
    async here(sessionId) {
      await sessions.revoke(sessionId, 'logout', clock.now());
      watch.expire();
    },
    async there(userId, sessionId) {
      const isEnded = await sessions.revokeOwn({ sessionId, userId }, 'ended_by_owner', clock.now());
      if (isEnded) watch.expire();
      return isEnded;
    },
    async everywhere(userId) {
      await sessions.revokeAll(userId, 'logout_all', clock.now());
      watch.expire();
      await tellOwner(userId, 'signed_out_everywhere', `sign-out:${userId}/${clock.now()}`);
    },
  };
}
