import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import { PASSKEY_CHALLENGE_BYTES, PASSKEY_CHALLENGE_MS, type PasskeyJudge } from './passkeys.ts';
import type { Challenges } from './second-factors.ts';

/** What a browser has to know of every challenge. */
export type PasskeyChallenge = {
  /** Base64url. */
  readonly challenge: string;
  readonly rpId: string;
  readonly expiresInSeconds: number;
};

type Dependencies = {
  readonly challenges: Pick<Challenges, 'openForPasskey'>;
  readonly passkeyJudge: Pick<PasskeyJudge, 'rpId'>;
  readonly ids: Ids;
  readonly clock: Clock;
};

/** Draws what a passkey of an account is to sign, or is to be made with, on one occasion. */
export const createChallengePasskey =
  ({ challenges, passkeyJudge, ids, clock }: Dependencies) =>
  async (userId: string, occasion: string): Promise<PasskeyChallenge> => {
    const challenge = ids.secret(PASSKEY_CHALLENGE_BYTES);
    const expiresAtMs = clock.now() + PASSKEY_CHALLENGE_MS;
    await challenges.openForPasskey({ occasion, userId, challenge, expiresAtMs });
    return { challenge, rpId: passkeyJudge.rpId, expiresInSeconds: PASSKEY_CHALLENGE_MS / 1000 };
  };
