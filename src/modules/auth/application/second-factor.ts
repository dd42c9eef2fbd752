import { createAfterEnrolment } from './after-enrolment.ts';
import { createAnswerChallenge, type AnswerChallenge } from './answer-challenge.ts';
import { createAskPasskey, type AskPasskey } from './ask-passkey.ts';
import { createBeginPasskey, createFinishPasskey, type BeginPasskey, type FinishPasskey } from './enrol-passkey.ts';
import {
  createBeginTotp,
  createConfirmTotp,
  createFinishEnrolments,
  type BeginTotp,
  type ConfirmTotp,
  type FinishEnrolments,
} from './enrol-totp.ts';
import { createTellOfFactor } from './factor-news.ts';
import { createProveFactor } from './prove-factor.ts';
import { createProvePasskey } from './prove-passkey.ts';
import {
  createDrawForFirst,
  createDrawRecoveryCodes,
  createRenewRecoveryCodes,
  type RenewRecoveryCodes,
} from './recovery-codes.ts';
import {
  createRemovePasskey,
  createRemoveTotp,
  createResetFactors,
  type RemovePasskey,
  type RemoveTotp,
  type ResetFactors,
} from './remove-factor.ts';
import { createStepUp, type StepUp } from './step-up.ts';

/** All that is done with second factors, once somebody has shown the first. */
export type SecondFactorUseCases = {
  readonly answerChallenge: AnswerChallenge;
  readonly stepUp: StepUp;
  readonly beginTotp: BeginTotp;
  readonly confirmTotp: ConfirmTotp;
  readonly finishEnrolments: FinishEnrolments;
  readonly removeTotp: RemoveTotp;
  readonly askPasskey: AskPasskey;
  readonly beginPasskey: BeginPasskey;
  readonly finishPasskey: FinishPasskey;
  readonly removePasskey: RemovePasskey;
  readonly renewRecoveryCodes: RenewRecoveryCodes;
  readonly resetFactors: ResetFactors;
};

type Made = 'afterEnrolment' | 'proveFactor' | 'provePasskey' | 'drawRecoveryCodes' | 'drawForFirst' | 'tellOfFactor';

type Dependencies = Parameters<typeof createTellOfFactor>[0] &
  Omit<Parameters<typeof createAfterEnrolment>[0], Made> &
  Omit<
    Parameters<typeof createProveFactor>[0] &
      Parameters<typeof createAnswerChallenge>[0] &
      Parameters<typeof createStepUp>[0] &
      Parameters<typeof createProvePasskey>[0] &
      Parameters<typeof createAskPasskey>[0] &
      Parameters<typeof createBeginPasskey>[0] &
      Parameters<typeof createFinishPasskey>[0] &
      Parameters<typeof createFinishEnrolments>[0] &
      Parameters<typeof createBeginTotp>[0] &
      Parameters<typeof createConfirmTotp>[0] &
      Parameters<typeof createRemoveTotp>[0] &
      Parameters<typeof createDrawRecoveryCodes>[0],
    Made
  >;

export function createSecondFactorUseCases(dependencies: Dependencies): SecondFactorUseCases {
  const tellOfFactor = createTellOfFactor(dependencies);
  const drawRecoveryCodes = createDrawRecoveryCodes(dependencies);
  const drawForFirst = createDrawForFirst({ ...dependencies, drawRecoveryCodes });
  const provePasskey = createProvePasskey({ ...dependencies, tellOfFactor });
  const proveFactor = createProveFactor({ ...dependencies, provePasskey, tellOfFactor });
  const afterEnrolment = createAfterEnrolment({ ...dependencies, tellOfFactor });
  const parts = { ...dependencies, tellOfFactor, afterEnrolment, drawRecoveryCodes, drawForFirst, proveFactor };
  return {
    answerChallenge: createAnswerChallenge(parts),
    stepUp: createStepUp(parts),
    beginTotp: createBeginTotp(parts),
    confirmTotp: createConfirmTotp(parts),
    finishEnrolments: createFinishEnrolments(parts),
    removeTotp: createRemoveTotp(parts),
    askPasskey: createAskPasskey(parts),
    beginPasskey: createBeginPasskey(parts),
    finishPasskey: createFinishPasskey(parts),
    removePasskey: createRemovePasskey(parts),
    renewRecoveryCodes: createRenewRecoveryCodes(parts),
    resetFactors: createResetFactors(parts),
  };
}
