import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type Channel, type SyncMessage } from 'rabbitmq-client';
import { leave } from './leave.ts';
import { deadQueue, forwardTo, queueOf } from './topology.ts';

/** A message that a reader could not read: it is none of ours, was changed on its way, or was signed with another key. */
export type DeadLetter = {
  readonly messageId: string | null;
  readonly routingKey: string;
  readonly bytes: number;
  /** The beginning of the body. Personal data of events are sealed in it. */
  readonly excerpt: string;
};

export type DeadLetters = {
  /** How many there are for a reader. */
  count(reader: string): Promise<number>;
  /** The oldest ones; they stay where they are. */
  list(reader: string, limit: number): Promise<readonly DeadLetter[]>;
  /** Gives all that are there now to the reader again; answers how many. */
  replay(reader: string): Promise<number>;
  /** Throws all that are there now away; answers how many. */
  discard(reader: string): Promise<number>;
  close(): Promise<void>;
};

const EXCERPT_LENGTH = 200;
const BACK_LOOK_MS = 20;
const BACK_LOOKS = 250;

/** The client has parsed what said to be text or JSON. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  return Buffer.isBuffer(body) ? body.toString() : (JSON.stringify(body) ?? '');
}

function letterOf({ messageId, routingKey, body }: SyncMessage): DeadLetter {
  const text = textOf(body);
  return {
    messageId: messageId ?? null,
    routingKey,
    bytes: Buffer.byteLength(text),
    excerpt: text.slice(0, EXCERPT_LENGTH),
  };
}

/** What operators do with the messages that were put aside on the broker. @throws when the broker is not reached. */
export async function openDeadLetters(url: string, prefix: string): Promise<DeadLetters> {
  const connection = new Connection({ url, acquireTimeout: 5000, connectionTimeout: 5000 });
  connection.on('error', () => undefined);
  await connection.onConnect(5000);

  const waiting = async (reader: string): Promise<number> =>
    (await connection.queueDeclare(deadQueue(prefix, reader))).messageCount;

  /** The broker takes back what was only looked at a moment after the channel was closed. */
  async function untilBack(reader: string, count: number): Promise<void> {
    for (let look = 0; look < BACK_LOOKS && (await waiting(reader)) < count; look += 1) await sleep(BACK_LOOK_MS);
  }

  /** Looks at up to `limit` messages; those that `settle` does not settle go back in their order. */
  async function visit(
    reader: string,
    limit: number,
    settle: ((channel: Channel, message: SyncMessage) => Promise<void>) | null,
  ): Promise<SyncMessage[]> {
    const count = await waiting(reader);
    const { queue } = deadQueue(prefix, reader);
    const channel = await connection.acquire();
    const seen: SyncMessage[] = [];
    try {
      await channel.confirmSelect();
      while (seen.length < Math.min(limit, count)) {
        const message = await channel.basicGet({ queue });
        if (message === undefined) break;
        await settle?.(channel, message);
        seen.push(message);
      }
    } finally {
      await channel.close();
    }
    if (settle === null) await untilBack(reader, count);
    return seen;
  }

  return {
    count: waiting,
    list: async (reader, limit) => (await visit(reader, limit, null)).map(letterOf),
    async replay(reader) {
      const replayed = await visit(reader, Number.POSITIVE_INFINITY, async (channel, message) => {
        await channel.basicPublish(forwardTo(queueOf(prefix, reader), message), message.body);
        channel.basicAck({ deliveryTag: message.deliveryTag });
      });
      return replayed.length;
    },
    discard: async (reader) => (await connection.queuePurge(deadQueue(prefix, reader).queue)).messageCount,
    close: () =>
      leave(
        connection,
        () => connection.close(),
        () => undefined,
      ),
  };
}
