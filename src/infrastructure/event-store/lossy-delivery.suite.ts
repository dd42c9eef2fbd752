import type { Delivered, Delivery } from './delivery.ts';
import { readerKey, type OutgoingEvent } from './event-relay.ts';

/** A carrier in memory that loses, doubles and shuffles what it is given, and goes away for a while. */
export function createLossyDelivery(random: () => number) {
  let waiting: OutgoingEvent[] = [];
  let [isUp, wake] = [true, (): void => undefined];
  const delivery: Delivery = {
    open(reader, onArrival) {
      wake = onArrival;
      return {
        connected: () => isUp,
        take: (limit) =>
          waiting.splice(0, limit).map(({ event, after }): Delivered => ({
            event,
            afterPosition: after[readerKey(reader)] ?? Number.POSITIVE_INFINITY,
            done: () => undefined,
          })),
        close: async () => undefined,
      };
    },
  };
  return {
    delivery,
    async publish(events: readonly OutgoingEvent[]): Promise<void> {
      isUp = random() > 0.1;
      if (random() < 0.1) throw new Error('not confirmed');
      for (const event of events) {
        if (random() < 0.1) continue;
        waiting.push(event);
        if (random() < 0.1) waiting.splice(Math.floor(random() * waiting.length), 0, event);
        if (random() < 0.1) waiting = waiting.toSorted(() => random() - 0.5);
      }
      wake();
    },
  };
}
