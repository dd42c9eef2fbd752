import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import { normalizePassword } from '../domain/password.ts';
import type { Attempt, TooMany } from './attempts.ts';
import type { Credentials } from './credentials.ts';
import type { AccessToken, IssueTokens } from './issue-tokens.ts';
import { ofStepUp } from './passkeys.ts';
import type { Busy, Passwords } from './passwords.ts';
import type { FactorProof, OnFactorRefused, ProveFactor } from './prove-factor.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Sessions } from './sessions.ts';

export type StepUpRequest = {
  readonly userId: string;
  readonly sessionId: string;
  readonly password: string;
  /** Null when nothing was shown. */
  readonly proof: FactorProof | null;
  readonly address: string;
  readonly correlationId: string;
};

/** `not_proven`: the password, or the second factor that the account has, is wrong or missing; which of them is not said. */
export type StepUpRefusal = { readonly code: 'not_proven' } | TooMany | Busy;

/** Has the owner of a session prove again who they are; answers an access token that says so. */
export type StepUp = (request: StepUpRequest) => Promise<Result<AccessToken, StepUpRefusal>>;

type Dependencies = {
  readonly credentials: Pick<Credentials, 'passwordHash'>;
  readonly passwords: Passwords;
  readonly factors: Pick<SecondFactors, 'kindsOf'>;
  readonly proveFactor: ProveFactor;
  readonly sessions: Pick<Sessions, 'prove'>;
  readonly issueTokens: IssueTokens;
  readonly attempt: Attempt;
  readonly onFactorRefused: OnFactorRefused;
  readonly clock: Clock;
};

export function createStepUp(dependencies: Dependencies): StepUp {
  const { credentials, passwords, factors, proveFactor, sessions, issueTokens, attempt } = dependencies;
  const { onFactorRefused, clock } = dependencies;

  /** Whether the factor that the account has was shown; true when it has none. */
  async function isFactorProven(request: StepUpRequest, isAsked: boolean) {
    const { userId, sessionId, proof, address, correlationId } = request;
    if (!isAsked) return ok(true);
    if (proof === null) return ok(false);
    // The tries of signing in and those here are the same tries: whoever guesses gets no second lot of them.
    const allowed = await attempt('second-factor', userId, address);
    return allowed.ok ? proveFactor({ userId, proof, occasion: ofStepUp(sessionId), correlationId }) : allowed;
  }

  return async (request) => {
    const { userId, sessionId, address } = request;
    const allowed = await attempt('password', userId, address);
    if (!allowed.ok) return allowed;
    const matched = await passwords.matches(
      await credentials.passwordHash(userId),
      normalizePassword(request.password),
    );
    if (!matched.ok) return matched;
    const isTwoFactor = (await factors.kindsOf(userId)).length > 0;
    // A factor is used up only beside the right password.
    const proven = matched.value ? await isFactorProven(request, isTwoFactor) : ok(false);
    if (!proven.ok) return proven;
    if (!proven.value) {
      if (matched.value) onFactorRefused('step_up');
      return refuse({ code: 'not_proven' });
    }
    const session = await sessions.prove({ sessionId, userId }, { authenticatedAtMs: clock.now(), isTwoFactor });
    return session === null ? refuse({ code: 'not_proven' }) : ok(await issueTokens.access(session, clock.now()));
  };
}

/** Somebody who asks, and how their token says that they proved who they are; a device says nothing of it. */
type Asking = {
  readonly userId: string;
  readonly authentication?: { readonly atMs: number; readonly isTwoFactor: boolean };
};

/** Whether somebody proved lately enough who they are, by all that their account asks for. */
export type IsFresh = (asking: Asking) => Promise<boolean>;

type PolicyNeeds = {
  readonly factors: Pick<SecondFactors, 'kindsOf'>;
  readonly clock: Clock;
  /** How long a proof counts, ms. */
  readonly stepUpMs: number;
};

/** How far the clocks of a node that saw a proof and of one that looks at it may differ; beyond that one of them was set. */
const CLOCK_SLACK_MS = 60_000;

/** The one place that decides it. Whoever enrolled a factor elsewhere since has to show it too. */
export const createIsFresh =
  ({ factors, clock, stepUpMs }: PolicyNeeds): IsFresh =>
  async ({ userId, authentication }) => {
    if (authentication === undefined) return false;
    const { atMs, isTwoFactor } = authentication;
    const ageMs = clock.now() - atMs;
    if (ageMs > stepUpMs || ageMs < -CLOCK_SLACK_MS) return false;
    return isTwoFactor || (await factors.kindsOf(userId)).length === 0;
  };
