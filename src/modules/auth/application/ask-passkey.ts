import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { MOST_TRIES } from './answer-challenge.ts';
import { createChallengePasskey, type PasskeyChallenge } from './passkey-challenge.ts';
import { ofSignIn, ofStepUp, type Credential, type Passkeys } from './passkeys.ts';
import { hashOf, type Sha256 } from './refresh-token.ts';
import type { Challenges } from './second-factors.ts';

/** What a browser needs to have a passkey sign. */
export type PasskeyAsked = PasskeyChallenge & {
  /** Any of them is enough. */
  readonly credentials: readonly Pick<Credential, 'credentialId' | 'transports'>[];
};

/** Asks whoever has shown the first factor for a passkey of theirs, in a sign-in or for a fresh proof. */
export type AskPasskey = {
  inSignIn(challenge: string): Promise<Result<PasskeyAsked, { readonly code: 'challenge_over' | 'no_second_factor' }>>;
  inStepUp(userId: string, sessionId: string): Promise<Result<PasskeyAsked, { readonly code: 'no_second_factor' }>>;
};

type Dependencies = Parameters<typeof createChallengePasskey>[0] & {
  readonly challenges: Pick<Challenges, 'asked'>;
  readonly passkeys: Pick<Passkeys, 'of'>;
  readonly sha256: Sha256;
};

export function createAskPasskey(dependencies: Dependencies): AskPasskey {
  const { challenges, passkeys, sha256, clock } = dependencies;
  const challengePasskey = createChallengePasskey(dependencies);

  async function ask(userId: string, occasion: string) {
    const known = await passkeys.of(userId);
    if (known.length === 0) return refuse({ code: 'no_second_factor' as const });
    const credentials = known.map(({ credentialId, transports }) => ({ credentialId, transports }));
    return ok({ ...(await challengePasskey(userId, occasion)), credentials });
  }

  return {
    async inSignIn(challenge) {
      const tokenHash = hashOf(sha256, challenge);
      const userId = await challenges.asked(tokenHash, clock.now(), MOST_TRIES);
      return userId === null ? refuse({ code: 'challenge_over' }) : ask(userId, ofSignIn(tokenHash));
    },
    inStepUp: (userId, sessionId) => ask(userId, ofStepUp(sessionId)),
  };
}
