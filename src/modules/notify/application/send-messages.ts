import type { Clock } from '../../../kernel/time.ts';
import type { Channel, DueMessage, Messenger, Outbox, TryRecord } from './ports.ts';

/** Waits after failed tries; news older than half a day is none. */
const WAITS_MS = [10_000, 60_000, 300_000, 1_800_000, 7_200_000, 36_000_000] as const;

/** Sends what is due; answers how many messages it tried. */
export type SendMessages = (stopping: AbortSignal) => Promise<number>;

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

  return (stopping) =>
    outbox.workOff(stopping, async (due) => outbox.record(due.messageId, await tryOnce(due), clock.now()));
}
