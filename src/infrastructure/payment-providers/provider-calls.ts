import {
  CircuitState,
  DelegateBackoff,
  TaskCancelledError,
  TimeoutStrategy,
  bulkhead,
  handleAll,
  handleWhen,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  retry,
  timeout,
} from 'cockatiel';
import type { Clock } from '../../kernel/time.ts';
import { createBreaker, type OnBreaker } from '../breaker.ts';
import { neverLeft, type Answered } from './http-call.ts';

export type Operation = 'create' | 'status' | 'refund';

/**
 * What came of one try over the network. `refused`: the provider looked at it and would not; `fault`: no answer, or one of a
 * provider in trouble; `no_access`: it does not know us any more, and a person has to act; `spared`: it was not asked.
 */
export type CallResult = 'done' | 'refused' | 'fault' | 'no_access' | 'spared';
export type OnCall = (operation: Operation, result: CallResult) => void;

export type CallOptions = {
  readonly clock: Clock;
  /** Longest one try may take; 10 000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Tries for new orders in a row that must fail before further ones are not made for `openMs`; 5 and 10 000. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  /** How often a call for a new order is repeated under its key, and the first pause; 2 and 150 ms, each pause four times the last. */
  readonly repeats?: { readonly most: number; readonly firstPauseMs: number };
  /** Calls under way at once for each operation, and as many more wait; 64. */
  readonly atOnce?: number;
  readonly onBreaker?: OnBreaker | undefined;
  readonly onCall?: OnCall | undefined;
};

/**
 * `answered`: `mayHaveActed` says that an earlier try under the same key may have, so that a refusal proves nothing.
 * `not_asked`: the provider cannot have heard of it. `lost`: it may have acted.
 */
export type Called<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly mayHaveActed: boolean }
  | { readonly kind: 'not_asked'; readonly reason: string }
  | { readonly kind: 'lost' };

type Call<Answer> = (signal: AbortSignal) => Promise<Answer>;

export type ProviderCalls = {
  /** Whether a call for a new order would be made now. */
  takesOrders(): boolean;
  /** For a new order. Never rejects. */
  create<Answer extends Answered>(call: Call<Answer>): Promise<Called<Answer>>;
  /** For anything else, which no breaker stops and whose repeats are its callers' timed work. Never rejects. */
  ask<Answer extends Answered>(operation: 'status' | 'refund', call: Call<Answer>): Promise<Called<Answer>>;
};

/** Thrown by a call when the provider gives no access: nothing was asked of it. */
export class NoAccess extends Error {
  override readonly name = 'NoAccess';
}

/** A wish to be left alone for longer is one for the next call, not for the one under way. */
const PATIENCE_MS = 2000;
/** Nobody is left alone for longer, whatever it wishes. */
const LONGEST_REST_MS = 300_000;

/** The provider's own trouble. That it refuses one order says nothing about the next. */
const isFault = ({ status }: Answered): boolean => status >= 500 || status === 429;

/** How long the provider wants to be left alone: seconds or a date; 0 when it says nothing of it. */
function restOf({ retryAfter }: Answered, nowMs: number): number {
  if (retryAfter === null) return 0;
  const ms = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - nowMs;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_REST_MS);
}

function resultOf(answer: Answered): CallResult {
  if (isFault(answer)) return 'fault';
  if (answer.status === 401 || answer.status === 403) return 'no_access';
  return answer.status < 400 ? 'done' : 'refused';
}

/** A call that gives up because its time is over may say so before the limit does. */
const outOfTime =
  (signal: AbortSignal) =>
  (error: unknown): never => {
    throw signal.aborted ? new TaskCancelledError() : error;
  };

/** Nothing of it can have reached the provider. */
const isUnheard = (error: unknown): boolean => error instanceof NoAccess || neverLeft(error);

/** What a try that brought no answer means. */
function broken(error: unknown, mayHaveActed: boolean): Called<never> {
  if (isBulkheadRejectedError(error)) return { kind: 'not_asked', reason: 'provider_busy' };
  if (mayHaveActed) return { kind: 'lost' };
  if (isBrokenCircuitError(error)) return { kind: 'not_asked', reason: 'provider_unavailable' };
  return isUnheard(error) ? { kind: 'not_asked', reason: 'provider_unreachable' } : { kind: 'lost' };
}

/**
 * Repeats a try that broke off at once or met trouble, never one that took its time, was spared, or got no access.
 * @param untilMs no repeat begins after that
 */
function repeating({ most, firstPauseMs }: NonNullable<CallOptions['repeats']>, clock: Clock, untilMs: number) {
  const isInTime = (): boolean => clock.now() <= untilMs;
  const mayRepeat = (error: unknown): boolean =>
    !(error instanceof NoAccess || isBrokenCircuitError(error) || error instanceof TaskCancelledError);
  const isBriefTrouble = (answer: unknown): boolean =>
    isFault(answer as Answered) && restOf(answer as Answered, clock.now()) <= PATIENCE_MS;
  const when = handleWhen((error) => isInTime() && mayRepeat(error));
  return retry(
    when.orWhenResult((answer) => isInTime() && isBriefTrouble(answer)),
    {
      maxAttempts: most,
      backoff: new DelegateBackoff(({ attempt, result }) => {
        const restMs = 'value' in result ? restOf(result.value as Answered, clock.now()) : 0;
        return Math.max(restMs, firstPauseMs * 4 ** (attempt - 1));
      }),
    },
  );
}

/** A breaker over new orders alone, and whether it is open by the clock: the library itself looks only when it is asked. */
function guardOrders({ failures, openMs }: NonNullable<CallOptions['breaker']>, { clock, onBreaker }: CallOptions) {
  let openedAtMs = 0;
  const guard = createBreaker(
    handleAll.orWhenResult((answer) => isFault(answer as Answered)),
    {
      failures,
      openMs,
      onBreaker(isOpen) {
        openedAtMs = clock.now();
        onBreaker?.(isOpen);
      },
    },
  );
  return { guard, isOpen: () => guard.state === CircuitState.Open && clock.now() < openedAtMs + openMs };
}

/** Ways to a provider that end in time, are few at once, and spare a provider in trouble new orders and nothing else. */
export function createProviderCalls(options: CallOptions): ProviderCalls {
  const { clock, timeoutMs = 10_000, atOnce = 64, onCall = () => undefined } = options;
  const { breaker = { failures: 5, openMs: 10_000 }, repeats = { most: 2, firstPauseMs: 150 } } = options;
  const { guard, isOpen } = guardOrders(breaker, options);
  // Nested by hand: the library's `wrap` would hang all concurrent calls on one shared abort signal.
  const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  const lane = () => bulkhead(atOnce, atOnce);
  const lanes = { create: lane(), status: lane(), refund: lane() };
  const restUntilMs = { create: 0, status: 0, refund: 0 };

  async function tryOnce<Answer extends Answered>(operation: Operation, call: Call<Answer>): Promise<Answer> {
    try {
      const answer = await limit.execute(({ signal }) => call(signal).catch(outOfTime(signal)));
      onCall(operation, resultOf(answer));
      // Of wishes to be left alone that come at once the longest counts.
      const restMs = isFault(answer) ? restOf(answer, clock.now()) : 0;
      if (restMs > 0) restUntilMs[operation] = Math.max(restUntilMs[operation], clock.now() + restMs);
      return answer;
    } catch (error) {
      onCall(operation, error instanceof NoAccess ? 'no_access' : 'fault');
      throw error;
    }
  }

  async function through<Answer>(operation: Operation, calls: () => Promise<Called<Answer>>): Promise<Called<Answer>> {
    const isResting = clock.now() < restUntilMs[operation];
    const called: Called<Answer> = isResting
      ? { kind: 'not_asked', reason: 'provider_overloaded' }
      : await lanes[operation].execute(calls).catch((error: unknown) => broken(error, false));
    const isSpared = called.kind === 'not_asked' && called.reason !== 'provider_unreachable';
    if (isSpared) onCall(operation, 'spared');
    return called;
  }

  return {
    takesOrders: () => !isOpen() && clock.now() >= restUntilMs.create,
    create: <Answer extends Answered>(call: Call<Answer>) =>
      through<Answer>('create', async () => {
        let mayHaveActed = false;
        let hadActed = false;
        const once = () =>
          tryOnce('create', call).catch((error: unknown) => {
            mayHaveActed ||= !isUnheard(error);
            throw error;
          });
        try {
          const answer = await repeating(repeats, clock, clock.now() + timeoutMs / 2).execute(async () => {
            hadActed = mayHaveActed;
            const found = await guard.execute(once);
            mayHaveActed ||= found.status >= 500;
            return found;
          });
          return { kind: 'answered', answer, mayHaveActed: hadActed };
        } catch (error) {
          return broken(error, mayHaveActed);
        }
      }),
    ask: <Answer extends Answered>(operation: 'status' | 'refund', call: Call<Answer>) =>
      through<Answer>(operation, async () => {
        return { kind: 'answered', answer: await tryOnce(operation, call), mayHaveActed: false };
      }),
  };
}
