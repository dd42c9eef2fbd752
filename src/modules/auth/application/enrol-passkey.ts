import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Accounts } from './accounts.ts';
import type { AfterEnrolment } from './after-enrolment.ts';
import type { Attempt, TooMany } from './attempts.ts';
import type { AccessToken, IssueTokens } from './issue-tokens.ts';
import { createChallengePasskey, type PasskeyChallenge } from './passkey-challenge.ts';
import {
  MOST_PASSKEYS,
  ofEnrolment,
  type PasskeyAttestation,
  type PasskeyCard,
  type PasskeyJudge,
  type Passkeys,
} from './passkeys.ts';
import type { Busy } from './passwords.ts';
import type { OnFactorRefused } from './prove-factor.ts';
import type { DrawForFirst } from './recovery-codes.ts';
import type { Challenges } from './second-factors.ts';
import type { Sessions } from './sessions.ts';

/** What a browser needs to have a passkey made. */
export type PasskeyInvited = PasskeyChallenge & {
  /** What authenticators know the account by, and what they show of it. */
  readonly userId: string;
  readonly userName: string;
  /** Authenticators that have one of these make no second one. */
  readonly knownCredentials: readonly string[];
};

/** Begins to make a passkey, which counts for nothing before it was finished. */
export type BeginPasskey = (
  userId: string,
  sessionId: string,
) => Promise<Result<PasskeyInvited, { readonly code: 'too_many_passkeys' | 'user_not_found' }>>;

type BeginNeeds = Parameters<typeof createChallengePasskey>[0] & {
  readonly accounts: Pick<Accounts, 'profile'>;
  readonly passkeys: Pick<Passkeys, 'of'>;
};

export function createBeginPasskey({ accounts, passkeys, ...needs }: BeginNeeds): BeginPasskey {
  const challengePasskey = createChallengePasskey(needs);
  return async (userId, sessionId) => {
    const account = await accounts.profile(userId);
    if (account === null) return refuse({ code: 'user_not_found' });
    const known = await passkeys.of(userId);
    if (known.length >= MOST_PASSKEYS) return refuse({ code: 'too_many_passkeys' });
    return ok({
      ...(await challengePasskey(userId, ofEnrolment(sessionId))),
      userId,
      userName: account.phone,
      knownCredentials: known.map(({ credentialId }) => credentialId),
    });
  };
}

export type PasskeyEnrolment = {
  readonly userId: string;
  /** The session that asks: the only one that goes on. */
  readonly sessionId: string;
  readonly name: string;
  readonly answer: PasskeyAttestation;
  readonly address: string;
  readonly correlationId: string;
};

/** The passkey, recovery codes when it is the first factor, shown once, and a token that says that there were two factors. */
export type PasskeyEnrolled = AccessToken & {
  readonly passkey: PasskeyCard;
  readonly recoveryCodes: readonly string[];
};

/** `passkey_refused`: made for another challenge, place or account, or its owner was not verified. */
export type PasskeyRefusal =
  { readonly code: 'passkey_refused' | 'passkey_exists' | 'too_many_passkeys' | 'user_not_found' } | TooMany | Busy;

export type FinishPasskey = (enrolment: PasskeyEnrolment) => Promise<Result<PasskeyEnrolled, PasskeyRefusal>>;

type FinishNeeds = {
  readonly passkeys: Pick<Passkeys, 'add'>;
  readonly challenges: Pick<Challenges, 'takeForPasskey'>;
  readonly passkeyJudge: Pick<PasskeyJudge, 'made'>;
  readonly drawForFirst: DrawForFirst;
  readonly attempt: Attempt;
  readonly onFactorRefused: OnFactorRefused;
  readonly sessions: Pick<Sessions, 'noteFactor'>;
  readonly issueTokens: IssueTokens;
  readonly afterEnrolment: AfterEnrolment;
  readonly ids: Ids;
  readonly clock: Clock;
};

const REFUSALS = {
  taken: 'passkey_exists',
  too_many: 'too_many_passkeys',
  without_codes: 'passkey_refused',
  signed_out: 'passkey_refused',
  gone: 'user_not_found',
} as const;

/** Has a passkey count from now on. Every other session ends: it was opened without. */
export function createFinishPasskey(needs: FinishNeeds): FinishPasskey {
  const { passkeys, challenges, passkeyJudge, drawForFirst, attempt, onFactorRefused } = needs;
  const { sessions, issueTokens, afterEnrolment, ids, clock } = needs;

  async function judged({ userId, sessionId, answer }: PasskeyEnrolment) {
    const occasion = ofEnrolment(sessionId);
    const challenge = await challenges.takeForPasskey({ occasion, userId, nowMs: clock.now() });
    return challenge === null ? null : passkeyJudge.made(answer, challenge);
  }

  return async (enrolment) => {
    const { userId, sessionId, name, address, correlationId } = enrolment;
    const allowed = await attempt('second-factor', userId, address);
    if (!allowed.ok) return allowed;
    const credential = await judged(enrolment);
    if (credential === null) {
      onFactorRefused('enrolment');
      return refuse({ code: 'passkey_refused' });
    }
    const drawn = await drawForFirst(userId);
    if (!drawn.ok) return drawn;
    const { kept, shown } = drawn.value;
    const [passkeyId, nowMs] = [ids.next(), clock.now()];
    const added = { ...credential, userId, sessionId, passkeyId, name, nowMs };
    const outcome = await passkeys.add(added, { most: MOST_PASSKEYS, recoveryCodes: kept });
    if (outcome !== 'first' && outcome !== 'further') return refuse({ code: REFUSALS[outcome] });
    await afterEnrolment({ userId, sessionId, nowMs, correlationId }, { factor: 'passkey', passkeyId });
    const session = await sessions.noteFactor({ sessionId, userId }, nowMs);
    if (session === null) return refuse({ code: 'passkey_refused' });
    const passkey = { passkeyId, name, createdAtMs: nowMs, usedAtMs: null };
    return ok({
      ...(await issueTokens.access(session, nowMs)),
      passkey,
      recoveryCodes: outcome === 'first' ? shown : [],
    });
  };
}
