import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { sendProblem } from './answer.ts';
import type { ClientKey } from './client-key.ts';
import { EVENT_STREAM, frameOf } from './event-source.ts';
import type { EventSource } from './event-source.ts';
import { problem } from './problem.ts';

export type StreamLimits = {
  /** Streams that one account or device may hold open. */
  readonly perAccount: number;
  /** The same for an address: many people may be behind one. */
  readonly perAddress: number;
  readonly inAll: number;
  /** How often a silent stream shows that it lives. */
  readonly heartbeatMs: number;
};

export type EventStreams = {
  /** Answers with a stream; refuses it when there are too many. */
  send(request: FastifyRequest, reply: FastifyReply, client: ClientKey, source: EventSource<unknown>): FastifyReply;
  /** Ends all streams and lets no more begin: their clients connect again, elsewhere. */
  end(): void;
};

/** How long a client waits before it connects again; told to it when the stream begins. */
const RECONNECT_MS = 3_000;
const HEARTBEAT = ': still here\n\n';

/** Text that is written piece by piece, as fast as it is read. */
class WrittenText extends Readable {
  #goOn: (() => void) | null = null;
  #ended = false;

  constructor() {
    super({ encoding: 'utf8' });
  }

  override _read(): void {
    this.#goOn?.();
    this.#goOn = null;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#ended = true;
    this._read();
    done(error);
  }

  /** One at a time. @returns when there is room for more, or nobody reads any more */
  async write(text: string): Promise<void> {
    if (this.#ended || this.push(text)) return;
    await new Promise<void>((resolve) => (this.#goOn = resolve));
  }

  /** A client that does not read needs no sign of life, and must not be written to without end. */
  beat(): void {
    if (!this.#ended && this.readableLength === 0) this.push(HEARTBEAT);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.push(null);
    this._read();
  }
}

export function createEventStreams(limits: StreamLimits, metrics: Registry): EventStreams {
  const perClient = new Map<string, number>();
  const leaving = new Set<AbortController>();
  let ending = false;
  new Gauge({
    name: 'http_event_streams_open',
    help: 'Streams of events that clients hold open',
    registers: [metrics],
    collect() {
      this.set(leaving.size);
    },
  });

  const begin = (client: string, controller: AbortController): void => {
    perClient.set(client, (perClient.get(client) ?? 0) + 1);
    leaving.add(controller);
  };
  const finish = (client: string, controller: AbortController): void => {
    if (!leaving.delete(controller)) return;
    controller.abort();
    const left = (perClient.get(client) ?? 1) - 1;
    if (left > 0) perClient.set(client, left);
    else perClient.delete(client);
  };
  return {
    send(request, reply, { kind, key }, source) {
      const client = `${kind} ${key}`;
      const most = kind === 'address' ? limits.perAddress : limits.perAccount;
      if (ending || leaving.size >= limits.inAll) return sendProblem(request, reply, problem('busy'));
      if ((perClient.get(client) ?? 0) >= most) {
        const detail = `At most ${most} streams may be open at once.`;
        return sendProblem(request, reply, problem('rate_limited', { detail }));
      }
      reply.code(200).type(`${EVENT_STREAM}; charset=utf-8`).header('x-accel-buffering', 'no');
      if (request.method === 'HEAD') return reply.send();
      const controller = new AbortController();
      const events = source(controller.signal);
      begin(client, controller);
      const text = new WrittenText();
      text.once('close', () => finish(client, controller));
      void pump(text, events, controller.signal, limits.heartbeatMs).catch((error: unknown) => {
        request.log.error({ err: error, request_id: request.id, route: request.mounted?.name }, 'stream failed');
        text.destroy(error instanceof Error ? error : new Error('stream failed'));
      });
      return reply.send(text);
    },
    end() {
      ending = true;
      for (const controller of leaving) controller.abort();
    },
  };
}

/** Writes the events of a source until it ends, the client leaves or the server does. */
async function pump(
  text: WrittenText,
  events: ReturnType<EventSource<unknown>>,
  leaving: AbortSignal,
  heartbeatMs: number,
): Promise<void> {
  const heartbeat = setInterval(() => text.beat(), heartbeatMs);
  leaving.addEventListener('abort', () => text.end(), { once: true });
  try {
    await text.write(`retry: ${RECONNECT_MS}\n\n`);
    for await (const event of events) {
      if (leaving.aborted) return;
      await text.write(frameOf(event));
    }
    text.end();
  } finally {
    clearInterval(heartbeat);
  }
}
