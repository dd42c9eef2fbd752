import { Connection, type AsyncMessage } from 'rabbitmq-client';
import type { Delivery } from '../event-store/delivery.ts';
import type { OutgoingEvent, Reader } from '../event-store/event-relay.ts';
import { within } from '../within.ts';
import { decodeMessage, encodeMessage } from './event-message.ts';
import { leave } from './leave.ts';
import { ReaderInbox } from './reader-inbox.ts';
import { deadQueueOf, exchangeOf, forwardTo, publisherTopology } from './topology.ts';

export type BrokerSettings = {
  /** `amqp://` or `amqps://`, with the virtual host as path. */
  readonly url: string;
  /** Begins the name of everything we declare; of this node alone. */
  readonly prefix: string;
  /** Signs our messages; the same in all processes of the node. */
  readonly key: Uint8Array;
  readonly readers: readonly Reader[];
  readonly connectionName: string;
  readonly onError: (error: unknown) => void;
  /** Told of every message that was put aside because it is none of ours. */
  readonly onBuried?: (reader: string) => void;
};

export type Broker = {
  readonly delivery: Delivery;
  /** Whether the broker is reached and takes messages. */
  ready(): boolean;
  /** Publishes in order; resolves when the broker has confirmed all, rejects when it did not within 10 s. */
  publish(events: readonly OutgoingEvent[]): Promise<void>;
  /** After all inboxes are closed. Never rejects, and waits no longer than 5 s for a broker that does not answer. */
  close(): Promise<void>;
};

const CONFIRM_LIMIT_MS = 10_000;
const RETRY_MOST_MS = 5000;
const HEARTBEAT_SECONDS = 10;

/**
 * RabbitMQ as the carrier of events. Connects by itself and again after every loss, and declares what it needs each time; its
 * absence is told by `ready` and by inboxes that are not connected, never by a failing start.
 */
export function openBroker(settings: BrokerSettings): Broker {
  const { url, prefix, key, readers, onError } = settings;
  const connection = new Connection({
    url,
    connectionName: settings.connectionName,
    heartbeat: HEARTBEAT_SECONDS,
    acquireTimeout: CONFIRM_LIMIT_MS,
    retryLow: 100,
    retryHigh: RETRY_MOST_MS,
  });
  const inboxes = new Set<ReaderInbox>();
  let [isConnected, isBlocked] = [false, false];
  const setState = (connected: boolean, blocked: boolean): void => {
    [isConnected, isBlocked] = [connected, blocked];
  };
  connection.on('connection', () => setState(true, false));
  // A broker short of memory or disk takes no messages, and goes on giving them.
  connection.on('connection.blocked', () => setState(true, true));
  connection.on('connection.unblocked', () => setState(true, false));
  connection.on('error', (error: unknown) => {
    setState(false, false);
    for (const inbox of inboxes) inbox.lost();
    onError(error);
  });
  const publisher = connection.createPublisher({ confirm: true, ...publisherTopology(prefix, readers) });

  async function bury(reader: string, message: AsyncMessage): Promise<void> {
    await publisher.send(forwardTo(deadQueueOf(prefix, reader), message), message.body);
    settings.onBuried?.(reader);
  }

  return {
    ready: () => isConnected && !isBlocked,
    delivery: {
      open(reader, onArrival) {
        const host = {
          connection,
          prefix,
          decode: (message: AsyncMessage) => decodeMessage(message, key),
          bury,
          onError,
        };
        const inbox = new ReaderInbox(reader, host, onArrival, () => inboxes.delete(inbox));
        inboxes.add(inbox);
        return inbox;
      },
    },
    async publish(events) {
      // What is sent to a blocked broker would wait in memory, and be sent again each time it is tried again.
      if (isBlocked) throw new Error('the broker takes no messages now');
      const sent = events.map(async (event) => {
        const { body, ...envelope } = encodeMessage(event, key);
        await publisher.send({ exchange: exchangeOf(prefix), ...envelope }, body);
      });
      // All are waited for: what fails later must have somebody who hears of it.
      const settled = await within(CONFIRM_LIMIT_MS, 'confirming events', Promise.allSettled(sent));
      const failed = settled.find((each) => each.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    async close() {
      const goodbye = async (): Promise<void> => {
        await publisher.close().catch(onError);
        await connection.close();
      };
      await leave(connection, goodbye, onError);
    },
  };
}
