import type { Factor } from '../domain/second-factor.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { Passkeys } from './passkeys.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { SessionWatch } from './session-watch.ts';

type Dependencies = {
  readonly factors: Pick<SecondFactors, 'noteTold'>;
  readonly passkeys: Pick<Passkeys, 'noteTold'>;
  readonly sessions: Pick<Sessions, 'revokeAll'>;
  readonly watch: SessionWatch;
  readonly tellOfFactor: TellOfFactor;
};

type Enrolment = {
  readonly userId: string;
  /** The session that goes on; undefined where nobody knows which one asked. */
  readonly sessionId?: string;
  readonly nowMs: number;
  readonly correlationId: string;
};

/** What follows once a factor counts: ends sessions that were opened without it, writes it down, tells the owner, and notes that all was done. */
export function createAfterEnrolment({ factors, passkeys, sessions, watch, tellOfFactor }: Dependencies) {
  return async ({ userId, sessionId, nowMs, correlationId }: Enrolment, factor: Factor): Promise<void> => {
    await sessions.revokeAll(userId, 'factor_changed', nowMs, sessionId);
    watch.expire();
    await tellOfFactor({ kind: 'enrol', userId, ...factor }, correlationId);
    await (factor.factor === 'totp' ? factors.noteTold(userId) : passkeys.noteTold(factor.passkeyId));
  };
}
export type AfterEnrolment = ReturnType<typeof createAfterEnrolment>;
