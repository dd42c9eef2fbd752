import type { Route } from '../../../infrastructure/http/route.ts';
import type { SecondFactorUseCases } from '../application/second-factor.ts';
import { askPasskeyInSignInRoute, askPasskeyInStepUpRoute } from './ask-passkey.ts';
import { answerChallengeRoute } from './answer-challenge.ts';
import { beginPasskeyRoute } from './begin-passkey.ts';
import { beginTotpRoute } from './begin-totp.ts';
import { confirmTotpRoute } from './confirm-totp.ts';
import { finishPasskeyRoute } from './finish-passkey.ts';
import { getSecondFactorRoute } from './get-second-factor.ts';
import { removePasskeyRoute } from './remove-passkey.ts';
import { removeTotpRoute } from './remove-totp.ts';
import { renewRecoveryCodesRoute } from './renew-recovery-codes.ts';
import { resetSecondFactorRoute } from './reset-second-factor.ts';
import { stepUpRoute } from './step-up.ts';

/** Second factors, from setting one up to losing it. */
export const secondFactorRoutes = (
  useCases: SecondFactorUseCases,
  reading: Parameters<typeof getSecondFactorRoute>[0],
): readonly Route[] => [
  answerChallengeRoute(useCases.answerChallenge),
  askPasskeyInSignInRoute(useCases.askPasskey),
  stepUpRoute(useCases.stepUp),
  askPasskeyInStepUpRoute(useCases.askPasskey),
  getSecondFactorRoute(reading),
  beginTotpRoute(useCases.beginTotp),
  confirmTotpRoute(useCases.confirmTotp),
  removeTotpRoute(useCases.removeTotp),
  beginPasskeyRoute(useCases.beginPasskey),
  finishPasskeyRoute(useCases.finishPasskey),
  removePasskeyRoute(useCases.removePasskey),
  renewRecoveryCodesRoute(useCases.renewRecoveryCodes),
  resetSecondFactorRoute(useCases.resetFactors),
];
