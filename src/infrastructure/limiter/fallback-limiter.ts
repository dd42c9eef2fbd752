import { BrokenCircuitError, handleAll } from 'cockatiel';
import type { Limiter } from '../../kernel/limiter.ts';
import { createBreaker, type OnBreaker } from '../breaker.ts';

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
  onBreaker?: OnBreaker,
): Limiter {
  const breaker = createBreaker(handleAll, { failures: FAILURES, openMs: PAUSE_MS, onBreaker });
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
