import { CircuitState, TaskCancelledError, TimeoutStrategy, handleAll, isBrokenCircuitError, timeout } from 'cockatiel';
import { createBreaker, type OnBreaker } from '../breaker.ts';
import type { SendOutcome } from './channel.ts';

/** Told why nobody gets messages until a person does something about it. */
export type OnChannelAlarm = (reason: string) => void;

/** Outcomes, and what they say of the channel: `isFault` is trouble of its own, `isAlarm` is for a person to end. */
export type Judged = SendOutcome & { readonly isFault?: boolean; readonly isAlarm?: boolean };

export type GuardOptions = {
  readonly onAlarm: OnChannelAlarm;
  /** Longest a call may take; 10 000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Calls in a row that must fail before further ones are not made for `openMs`; 5 and 10 000. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  readonly onBreaker?: OnBreaker;
};

type GuardedCalls = {
  /** Never throws, whatever the call does. */
  readonly outcomeOf: (call: (signal: AbortSignal) => Promise<Judged>) => Promise<SendOutcome>;
  readonly ready: () => boolean;
};

/** Trouble of the channel itself. */
export const fault = (reason: string): Judged => ({ kind: 'failed', reason, isFault: true });

/** Calls that end in time, and are not made for a while when the other side failed too often in a row. @param who whom we call */
export function createGuardedCalls(who: string, options: GuardOptions): GuardedCalls {
  const { onAlarm, timeoutMs = 10_000, breaker = { failures: 5, openMs: 10_000 }, onBreaker } = options;
  // What the other side says of one message is nothing about the next, so only its own trouble counts.
  const faults = handleAll.orWhenResult((judged) => (judged as Judged).isFault === true);
  const guard = createBreaker(faults, { ...breaker, onBreaker });
  // Nested by hand: the library's `wrap` would hang all concurrent calls on one shared abort signal.
  const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);

  function reasonOf(error: unknown): string {
    if (isBrokenCircuitError(error)) return `${who} failed too often and is not asked for a while`;
    return error instanceof TaskCancelledError ? `${who} did not answer in time` : `${who} was not reached`;
  }

  return {
    outcomeOf: async (call) => {
      try {
        const judged = await guard.execute(() => limit.execute(({ signal }) => call(signal)));
        if (judged.kind === 'sent') return { kind: 'sent' };
        const { kind, reason, isAlarm = false } = judged;
        if (isAlarm) onAlarm(reason);
        return { kind, reason };
      } catch (error) {
        return { kind: 'failed', reason: reasonOf(error) };
      }
    },
    ready: () => guard.state === CircuitState.Closed,
  };
}
