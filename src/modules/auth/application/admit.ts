import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { FactorKind } from '../domain/second-factor.ts';
import type { Account } from './accounts.ts';
import type { IssueTokens, SessionTokens } from './issue-tokens.ts';
import { hashOf, newRefreshToken, type Sha256 } from './refresh-token.ts';
import type { Challenges, SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';

/** What is asked of somebody who has shown the first factor. */
export type FactorAsked = {
  readonly challenge: {
    /** Good once, for the second factor. */
    readonly token: string;
    /** Any of them is enough. A recovery code stands in for all. */
    readonly factors: readonly FactorKind[];
    readonly expiresInSeconds: number;
  };
};

/** The first tokens, or what is asked before there are any. */
export type Admission = { readonly tokens: SessionTokens } | FactorAsked;

/** Somebody who has shown a password, or a code by SMS. */
type Arrival = {
  readonly account: Account;
  /** As it is kept. */
  readonly passwordHash: string | null;
  readonly userAgent: string | null;
  /** Whether it was the password. */
  readonly isByPassword: boolean;
};

/** The one way from a first factor to a session, whatever it was: who has a second factor is asked for it. */
export type Admit = (arrival: Arrival) => Promise<Admission>;

type Dependencies = {
  readonly factors: Pick<SecondFactors, 'kindsOf'>;
  readonly challenges: Pick<Challenges, 'open'>;
  readonly issueTokens: IssueTokens;
  readonly sessions: Pick<Sessions, 'revoke'>;
  readonly ids: Ids;
  readonly sha256: Sha256;
  readonly clock: Clock;
};

/** Time to take out a telephone and read a code. */
const CHALLENGE_MS = 300_000;

/** What a challenge remembers of the password. */
export const witnessOf = (sha256: Sha256, passwordHash: string | null): Uint8Array =>
  sha256(`skypark/password-witness/1\0${passwordHash ?? ''}`);

export function createAdmit(dependencies: Dependencies): Admit {
  const { factors, challenges, issueTokens, sessions, ids, sha256, clock } = dependencies;

  async function ask(
    { account, passwordHash, isByPassword }: Arrival,
    kinds: readonly FactorKind[],
  ): Promise<FactorAsked> {
    const token = newRefreshToken(ids);
    await challenges.open({
      tokenHash: hashOf(sha256, token),
      userId: account.userId,
      witness: witnessOf(sha256, passwordHash),
      isByPassword,
      expiresAtMs: clock.now() + CHALLENGE_MS,
    });
    return { challenge: { token, factors: kinds, expiresInSeconds: CHALLENGE_MS / 1000 } };
  }

  return async (arrival) => {
    const { userId } = arrival.account;
    const kinds = await factors.kindsOf(userId);
    if (kinds.length > 0) return ask(arrival, kinds);
    const { userAgent, isByPassword } = arrival;
    const tokens = await issueTokens.open(userId, clock.now(), { userAgent, isByPassword, isTwoFactor: false });
    // A factor that was enrolled meanwhile ended all other sessions, but not this one, which came after.
    const now = await factors.kindsOf(userId);
    if (now.length === 0) return { tokens };
    await sessions.revoke(tokens.sessionId, 'factor_changed', clock.now());
    return ask(arrival, now);
  };
}
