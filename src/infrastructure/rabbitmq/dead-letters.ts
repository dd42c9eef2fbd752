import { Connection, type Channel, type SyncMessage } from 'rabbitmq-client';
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

  /** Looks at up to `limit` messages; those that `settle` does not settle go back in their order. */
  async function visit(
    reader: string,
    limit: number,
    settle: (channel: Channel, message: SyncMessage) => Promise<void>,
  ): Promise<SyncMessage[]> {
    const channel = await connection.acquire();
    try {
      await channel.confirmSelect();
      const { queue, messageCount } = await channel.queueDeclare(deadQueue(prefix, reader));
      const seen: SyncMessage[] = [];
      while (seen.length < Math.min(limit, messageCount)) {
        const message = await channel.basicGet({ queue });
        if (message === undefined) break;
        await settle(channel, message);
        seen.push(message);
      }
      return seen;
    } finally {
      await channel.close();
    }
  }

  return {
    count: async (reader) => (await connection.queueDeclare(deadQueue(prefix, reader))).messageCount,
    list: async (reader, limit) => (await visit(reader, limit, async () => undefined)).map(letterOf),
    async replay(reader) {
      const replayed = await visit(reader, Number.POSITIVE_INFINITY, async (channel, message) => {
        await channel.basicPublish(forwardTo(queueOf(prefix, reader), message), message.body);
        channel.basicAck({ deliveryTag: message.deliveryTag });
      });
      return replayed.length;
    },
    discard: async (reader) => (await connection.queuePurge(deadQueue(prefix, reader).queue)).messageCount,
    close: () => connection.close(),
  };
}
