import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsumerStatus, type AsyncMessage, type Connection, type Consumer } from 'rabbitmq-client';
import type { Delivered, Inbox } from '../event-store/delivery.ts';
import { readerKey, type OutgoingEvent, type Reader } from '../event-store/event-relay.ts';
import { within } from '../within.ts';
import { LEAVE_LIMIT_MS } from './leave.ts';
import { readerTopology } from './topology.ts';

/** Messages of one reader in this process at once; the broker sends no more until some are settled. */
const PREFETCH = 500;
/** A message that cannot be put aside is not asked for again at once. */
const BURY_PAUSE_MS = 1000;

type Waiting = { readonly message: OutgoingEvent; readonly settle: (status: ConsumerStatus) => void };

export type InboxHost = {
  readonly connection: Connection;
  readonly prefix: string;
  readonly decode: (message: AsyncMessage) => OutgoingEvent | null;
  /** Puts a message aside that is none of ours. */
  readonly bury: (reader: string, message: AsyncMessage) => Promise<void>;
  readonly onError: (error: unknown) => void;
};

/**
 * What comes for one reader. When the connection is lost everything that waits is forgotten: the broker sends it again, and
 * the reader has it from the log in the meantime.
 */
export class ReaderInbox implements Inbox {
  readonly #reader: Reader;
  readonly #key: string;
  readonly #host: InboxHost;
  readonly #consumer: Consumer;
  readonly #onArrival: () => void;
  readonly #onClosed: () => void;
  /** Not yet taken, in the order of their coming. */
  #waiting: Waiting[] = [];
  /** Taken or not, the broker waits for word of them. */
  readonly #unsettled = new Set<Waiting>();
  readonly #closing = new AbortController();
  #isReady = false;
  /** Whether the trouble since it was last ready was told of: the client has an error for every message that it held. */
  #isTold = false;

  constructor(reader: Reader, host: InboxHost, onArrival: () => void, onClosed: () => void) {
    this.#reader = reader;
    this.#key = readerKey(reader);
    this.#host = host;
    this.#onArrival = onArrival;
    this.#onClosed = onClosed;
    // Every message that cannot be put aside waits for it, and there is no leak in that.
    setMaxListeners(0, this.#closing.signal);
    const props = { ...readerTopology(host.prefix, reader), qos: { prefetchCount: PREFETCH } };
    this.#consumer = host.connection.createConsumer(props, (message) => this.#receive(message));
    this.#consumer.on('ready', () => {
      this.#isReady = true;
      this.#isTold = false;
      onArrival();
    });
    this.#consumer.on('error', (error: unknown) => {
      this.lost();
      if (!this.#isTold) host.onError(error);
      this.#isTold = true;
    });
  }

  connected(): boolean {
    return this.#isReady;
  }

  take(limit: number): readonly Delivered[] {
    return this.#waiting.splice(0, limit).map((waiting) => ({
      event: waiting.message.event,
      // A relay that does not know the reader, or not with these types, says nothing of what came before.
      afterPosition: waiting.message.after[this.#key] ?? Number.POSITIVE_INFINITY,
      done: () => waiting.settle(ConsumerStatus.ACK),
    }));
  }

  /** Told that nothing comes any more until the consumer is ready again. */
  lost(): void {
    this.#isReady = false;
    this.#waiting = [];
    // The client waits for every word before it connects again, although the broker will not hear it.
    for (const { settle } of this.#unsettled) settle(ConsumerStatus.REQUEUE);
    this.#onArrival();
  }

  async close(): Promise<void> {
    this.lost();
    // What still comes until the broker has heard of it goes back as well.
    this.#closing.abort();
    await within(LEAVE_LIMIT_MS, 'leaving a queue', this.#consumer.close()).catch(this.#host.onError);
    this.#onClosed();
  }

  async #receive(message: AsyncMessage): Promise<ConsumerStatus> {
    if (this.#closing.signal.aborted) return ConsumerStatus.REQUEUE;
    const decoded = this.#host.decode(message);
    if (decoded === null) return this.#putAside(message);
    return new Promise((resolve) => {
      const waiting: Waiting = {
        message: decoded,
        settle: (status) => {
          this.#unsettled.delete(waiting);
          resolve(status);
        },
      };
      this.#unsettled.add(waiting);
      this.#waiting.push(waiting);
      this.#onArrival();
    });
  }

  /** Never throws: to the client that would be the end of the consumer's readiness, and all that is ours would wait with it. */
  async #putAside(message: AsyncMessage): Promise<ConsumerStatus> {
    try {
      await this.#host.bury(this.#reader.name, message);
      return ConsumerStatus.ACK;
    } catch (error) {
      this.#host.onError(error);
      await sleep(BURY_PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      return ConsumerStatus.REQUEUE;
    }
  }
}
