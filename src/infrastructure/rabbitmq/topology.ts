import type { ConsumerProps, Envelope, PublisherProps } from 'rabbitmq-client';
import type { Reader } from '../event-store/event-relay.ts';

/**
 * Everything this program declares with a broker, under names that begin with the prefix of the node:
 * `<prefix>.events`, a topic exchange whose routing keys are event types, for our readers and for whoever else may listen;
 * `<prefix>.<reader>`, a queue for each reader, and `<prefix>.<reader>.dead` for messages it could not read.
 */
export const exchangeOf = (prefix: string): string => `${prefix}.events`;
export const queueOf = (prefix: string, reader: string): string => `${prefix}.${reader}`;
export const deadQueueOf = (prefix: string, reader: string): string => `${prefix}.${reader}.dead`;

/** A reader that is away for long has the rest from the log; the broker's disk is not its archive. */
const MOST_WAITING = 200_000;
const MOST_DEAD = 10_000;

/** Kept by a majority of the broker's nodes. What would be one too many pushes out the oldest. */
const quorum = (most: number) =>
  ({ 'x-queue-type': 'quorum', 'x-max-length': most, 'x-overflow': 'drop-head' }) as const;

const exchange = (prefix: string) => ({ exchange: exchangeOf(prefix), type: 'topic', durable: true });

const queue = (prefix: string, reader: string) => ({
  queue: queueOf(prefix, reader),
  durable: true,
  // Whoever leads the reader reads the queue; a former leader that is about to go gets nothing more.
  arguments: { ...quorum(MOST_WAITING), 'x-single-active-consumer': true },
});

export const deadQueue = (prefix: string, reader: string) => ({
  queue: deadQueueOf(prefix, reader),
  durable: true,
  arguments: quorum(MOST_DEAD),
});

const bindings = (prefix: string, { name, eventTypes }: Reader) =>
  (eventTypes ?? ['#']).map((routingKey) => ({
    exchange: exchangeOf(prefix),
    queue: queueOf(prefix, name),
    routingKey,
  }));

/** What the relay declares before it publishes: queues of readers that have not come yet keep their messages. */
export const publisherTopology = (prefix: string, readers: readonly Reader[]): PublisherProps => ({
  exchanges: [exchange(prefix)],
  queues: readers.flatMap(({ name }) => [queue(prefix, name), deadQueue(prefix, name)]),
  queueBindings: readers.flatMap((reader) => bindings(prefix, reader)),
});

/** What a reader declares before it reads. */
export const readerTopology = (prefix: string, reader: Reader): ConsumerProps => ({
  queue: queueOf(prefix, reader.name),
  queueOptions: queue(prefix, reader.name),
  exchanges: [exchange(prefix)],
  queueBindings: bindings(prefix, reader),
});

type Message = Pick<Envelope, 'headers' | 'contentType' | 'messageId'>;

/** The envelope of a message that goes on to another queue as it came. */
export const forwardTo = (routingKey: string, { headers, contentType, messageId }: Partial<Message>): Envelope => ({
  routingKey,
  durable: true,
  ...(headers === undefined ? {} : { headers }),
  ...(contentType === undefined ? {} : { contentType }),
  ...(messageId === undefined ? {} : { messageId }),
});
