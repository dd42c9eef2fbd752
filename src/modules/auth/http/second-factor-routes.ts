import type { Route } from '../../../infrastructure/http/route.ts';
import type { SecondFactorUseCases } from '../application/second-factor.ts';
import { answerChallengeRoute } from './answer-challenge.ts';
import { beginTotpRoute } from './begin-totp.ts';
import { confirmTotpRoute } from './confirm-totp.ts';
import { getSecondFactorRoute } from './get-second-factor.ts';
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
  stepUpRoute(useCases.stepUp),
  getSecondFactorRoute(reading),
  beginTotpRoute(useCases.beginTotp),
  confirmTotpRoute(useCases.confirmTotp),
  removeTotpRoute(useCases.removeTotp),
  renewRecoveryCodesRoute(useCases.renewRecoveryCodes),
  resetSecondFactorRoute(useCases.resetFactors),
];
