import type { Clock } from '../../../kernel/time.ts';
import type { Channel, DueMessage, Messenger, Outbox, TryRecord } from './ports.ts';

const AT_ONCE = 8;
/** Longer than a try can take; a process that died in one loses its messages to the others after it. */
const LEASE_MS = 60_000;
/** Waits after failed tries; news older than half a day is none. */
const WAITS_MS = [10_000, 60_000, 300_000, 1_800_000, 7_200_000, 36_000_000] as const;

/** Sends what is due; answers how many messages it tried. */
export type SendMessages = (limit: number, stopping: AbortSignal) => Promise<number>;

type Dependencies = {
  readonly outbox: Outbox;
  readonly messengers: Readonly<Record<Channel, Messenger>>;
  readonly clock: Clock;
};

export function createSendMessages({ outbox, messengers, clock }: Dependencies): SendMessages {
  async function tryOnce({ messageId, kind, channel, letter, attempts }: DueMessage): Promise<TryRecord> {
    if (letter === null) return { kind: 'dropped' };
    const outcome = await messengers[channel].send({ messageId, kind, letter });
    if (outcome.kind === 'sent') return { kind: 'sent' };
    const waitMs = outcome.kind === 'failed' ? WAITS_MS[attempts] : undefined;
    const { reason } = outcome;
    return waitMs === undefined
      ? { kind: 'given_up', reason }
      : { kind: 'again', reason, nextTryAtMs: clock.now() + waitMs };
  }

  return async (limit, stopping) => {
    let tried = 0;
    while (tried < limit && !stopping.aborted) {
      const nowMs = clock.now();
      const due = await outbox.takeDue(nowMs, nowMs + LEASE_MS, Math.min(AT_ONCE, limit - tried));
      if (due.length === 0) break;
      await Promise.all(due.map(async (one) => outbox.record(one.messageId, await tryOnce(one), clock.now())));
      tried += due.length;
    }
    return tried;
  };
}
