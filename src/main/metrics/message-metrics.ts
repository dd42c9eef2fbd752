import { Counter, type Registry } from 'prom-client';
import type { Channel } from '../../infrastructure/messaging/channel.ts';

/** Counts the messages that are handed to channels, by what came of them. */
export function createMessageWatch(metrics: Registry) {
  const messages = new Counter({
    name: 'skypark_messages_total',
    help: 'Messages handed to a channel, by what came of it; one that failed is tried again and counts again',
    labelNames: ['channel', 'outcome'],
    registers: [metrics],
  });
  return <Letter>(name: 'sms' | 'email', channel: Channel<Letter>): Channel<Letter> => {
    for (const outcome of ['sent', 'failed', 'refused']) messages.inc({ channel: name, outcome }, 0);
    return {
      ready: () => channel.ready(),
      async send(message) {
        const outcome = await channel.send(message);
        messages.inc({ channel: name, outcome: outcome.kind });
        return outcome;
      },
    };
  };
}
