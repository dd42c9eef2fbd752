import { createAnswerChallenge, type AnswerChallenge } from './answer-challenge.ts';
import { createBeginTotp, createConfirmTotp, type BeginTotp, type ConfirmTotp } from './enrol-totp.ts';
import { createTellOfFactor } from './factor-news.ts';
import { createProveFactor } from './prove-factor.ts';
import { createDrawRecoveryCodes, createRenewRecoveryCodes, type RenewRecoveryCodes } from './recovery-codes.ts';
import { createRemoveTotp, createResetFactors, type RemoveTotp, type ResetFactors } from './remove-factor.ts';
import { createStepUp, type StepUp } from './step-up.ts';

/** All that is done with second factors, once somebody has shown the first. */
export type SecondFactorUseCases = {
  readonly answerChallenge: AnswerChallenge;
  readonly stepUp: StepUp;
  readonly beginTotp: BeginTotp;
  readonly confirmTotp: ConfirmTotp;
  readonly removeTotp: RemoveTotp;
  readonly renewRecoveryCodes: RenewRecoveryCodes;
  readonly resetFactors: ResetFactors;
};

type Made = 'proveFactor' | 'drawRecoveryCodes' | 'tellOfFactor';

type Dependencies = Parameters<typeof createTellOfFactor>[0] &
  Omit<
    Parameters<typeof createProveFactor>[0] &
      Parameters<typeof createAnswerChallenge>[0] &
      Parameters<typeof createStepUp>[0] &
      Parameters<typeof createBeginTotp>[0] &
      Parameters<typeof createConfirmTotp>[0] &
      Parameters<typeof createRemoveTotp>[0] &
      Parameters<typeof createDrawRecoveryCodes>[0],
    Made
  >;

export function createSecondFactorUseCases(dependencies: Dependencies): SecondFactorUseCases {
  const tellOfFactor = createTellOfFactor(dependencies);
  const drawRecoveryCodes = createDrawRecoveryCodes(dependencies);
  const proveFactor = createProveFactor({ ...dependencies, tellOfFactor });
  const parts = { ...dependencies, tellOfFactor, drawRecoveryCodes, proveFactor };
  return {
    answerChallenge: createAnswerChallenge(parts),
    stepUp: createStepUp(parts),
    beginTotp: createBeginTotp(parts),
    confirmTotp: createConfirmTotp(parts),
    removeTotp: createRemoveTotp(parts),
    renewRecoveryCodes: createRenewRecoveryCodes(parts),
    resetFactors: createResetFactors(parts),
  };
}
