import { CircuitState, circuitBreaker, ConsecutiveBreaker, type CircuitBreakerPolicy, type Policy } from 'cockatiel';

/** Told when something is not asked any more, and when it is again; while a single call tries it, it is not. */
export type OnBreaker = (isOpen: boolean) => void;

type Setting = {
  /** Failures in a row after which it is not asked for `openMs`. */
  readonly failures: number;
  readonly openMs: number;
  readonly onBreaker?: OnBreaker | undefined;
};

/** A breaker that opens after some failures in a row. @param faults what counts as one */
export function createBreaker(faults: Policy, { failures, openMs, onBreaker }: Setting): CircuitBreakerPolicy {
  const breaker = circuitBreaker(faults, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
  breaker.onStateChange((state) => onBreaker?.(state !== CircuitState.Closed));
  return breaker;
}
