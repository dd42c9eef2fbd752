import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import type { Limiter } from '../../kernel/limiter.ts';

/** After so many failures in a row it is not asked any more, for so long. */
const FAILURES = 3;
const PAUSE_MS = 1000;

/**
 * Asks one limiter, and another one while that is away: whoever cannot be counted together is counted apart, never let
 * through uncounted and never turned away for it.
 * @param onFailure told of each failure of the first
 */
export function createFallbackLimiter(
  first: Limiter,
  meanwhile: Limiter,
  onFailure: (error: unknown) => void,
): Limiter {
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: PAUSE_MS, breaker: new ConsecutiveBreaker(FAILURES) });
  return {
    async take(policy, key, amount) {
      try {
        return await breaker.execute(() => first.take(policy, key, amount));
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) onFailure(error);
        return meanwhile.take(policy, key, amount);
      }
    },
  };
}
