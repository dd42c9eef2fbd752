import type { Clock } from '../../../kernel/time.ts';
import type { TellOfFactor } from './factor-news.ts';
import type { PasskeyAssertion, PasskeyJudge, Passkeys } from './passkeys.ts';
import type { Challenges } from './second-factors.ts';

export type ShownPasskey = {
  readonly userId: string;
  readonly assertion: PasskeyAssertion;
  readonly occasion: string;
  readonly correlationId: string;
};

/** Whether a passkey of the account signed what it was asked for on that occasion. The challenge is used up either way. */
export type ProvePasskey = (shown: ShownPasskey) => Promise<boolean>;

type Dependencies = {
  readonly challenges: Pick<Challenges, 'takeForPasskey'>;
  readonly passkeys: Pick<Passkeys, 'of' | 'use'>;
  readonly passkeyJudge: Pick<PasskeyJudge, 'signed'>;
  readonly tellOfFactor: TellOfFactor;
  readonly clock: Clock;
};

export const createProvePasskey =
  ({ challenges, passkeys, passkeyJudge, tellOfFactor, clock }: Dependencies): ProvePasskey =>
  async ({ userId, assertion, occasion, correlationId }) => {
    const challenge = await challenges.takeForPasskey({ occasion, userId, nowMs: clock.now() });
    if (challenge === null) return false;
    const passkey = (await passkeys.of(userId)).find(({ credentialId }) => credentialId === assertion.credentialId);
    if (passkey === undefined) return false;
    const { passkeyId } = passkey;
    const counter = await passkeyJudge.signed(assertion, challenge, passkey);
    if (counter === null) return false;
    const outcome = await passkeys.use({ passkeyId, counter, nowMs: clock.now() });
    // Two authenticators that count apart: one of them is a copy.
    if (outcome === 'fallen_back') await tellOfFactor({ kind: 'refuse_passkey', userId, passkeyId }, correlationId);
    return outcome === 'used';
  };
