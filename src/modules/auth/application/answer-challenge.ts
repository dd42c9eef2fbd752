import { refuse, ok, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Accounts } from './accounts.ts';
import { witnessOf } from './admit.ts';
import type { Attempt, TooMany } from './attempts.ts';
import type { Credentials } from './credentials.ts';
import type { IssueTokens } from './issue-tokens.ts';
import { ofSignIn } from './passkeys.ts';
import type { Busy } from './passwords.ts';
import type { FactorProof, OnFactorRefused, ProveFactor } from './prove-factor.ts';
import { hashOf, type Sha256 } from './refresh-token.ts';
import type { SignedIn } from './register.ts';
import type { Challenges } from './second-factors.ts';
import type { Sessions } from './sessions.ts';
import type { TellOfSignIn } from './tell-owner.ts';

export type ChallengeAnswer = {
  readonly challenge: string;
  readonly proof: FactorProof;
  readonly address: string;
  readonly userAgent: string | null;
  readonly correlationId: string;
};

/**
 * `invalid_second_factor`: wrong, of another time, or used. `challenge_over`: it is too old, was answered or tried too often, or
 * the password has changed since.
 */
export type ChallengeRefusal = { readonly code: 'invalid_second_factor' | 'challenge_over' } | TooMany | Busy;

/** Ends a sign-in that waits for the second factor. */
export type AnswerChallenge = (answer: ChallengeAnswer) => Promise<Result<SignedIn, ChallengeRefusal>>;

type Dependencies = {
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly credentials: Pick<Credentials, 'passwordHash'>;
  readonly challenges: Challenges;
  readonly proveFactor: ProveFactor;
  readonly issueTokens: IssueTokens;
  readonly sessions: Pick<Sessions, 'revoke'>;
  readonly attempt: Attempt;
  readonly onFactorRefused: OnFactorRefused;
  readonly tellOfSignIn: TellOfSignIn;
  readonly sha256: Sha256;
  readonly clock: Clock;
};

/** With so many tries a challenge is over, and one has to show the password again. */
export const MOST_TRIES = 5;

export function createAnswerChallenge(dependencies: Dependencies): AnswerChallenge {
  const { accounts, credentials, challenges, proveFactor, issueTokens, sessions, attempt } = dependencies;
  const { onFactorRefused, tellOfSignIn, sha256, clock } = dependencies;
  return async ({ challenge, proof, address, userAgent, correlationId }) => {
    const tokenHash = hashOf(sha256, challenge);
    const tried = await challenges.attempt(tokenHash, clock.now(), MOST_TRIES);
    if (tried === null) return refuse({ code: 'challenge_over' });
    const { userId, witness, isByPassword } = tried;
    const allowed = await attempt('second-factor', userId, address);
    if (!allowed.ok) return allowed;
    const proven = await proveFactor({ userId, proof, occasion: ofSignIn(tokenHash), correlationId });
    if (!proven.ok) return proven;
    if (!proven.value) {
      onFactorRefused('sign_in');
      return refuse({ code: 'invalid_second_factor' });
    }
    const account = await accounts.profile(userId);
    if (!(await challenges.take(tokenHash)) || account === null) return refuse({ code: 'challenge_over' });
    const tokens = await issueTokens.open(userId, clock.now(), { userAgent, isByPassword, isTwoFactor: true });
    // A password that was changed since it was checked ended all sessions then, but not this one, which came after.
    const present = witnessOf(sha256, await credentials.passwordHash(userId));
    if (Buffer.compare(present, witness) === 0) {
      await tellOfSignIn(userId, tokens.sessionId, userAgent);
      return ok({ account, tokens });
    }
    await sessions.revoke(tokens.sessionId, 'password_changed', clock.now());
    return refuse({ code: 'challenge_over' });
  };
}
