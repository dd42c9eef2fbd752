import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { HttpConfig } from './http-config.ts';

/** Whether the server is on its way out. Shared by readiness, the answers and {@link createDrain}. */
export type DrainState = { draining: boolean };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a client that has just connected gets to ask its first question. */
const FIRST_QUESTION_MS = 500;

/**
 * Connections over which nothing was asked yet: browsers and pools open some beforehand. Node does not count them among the idle ones,
 * so the end of the server would wait for them.
 */
function watchUnused(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  // Under TLS requests know the socket that speaks in the clear, not the one below it.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return unused;
}

/**
 * Builds the orderly end: readiness turns 503 at once, so that proxies send no more; after `drainDelayMs` the listener and
 * idle connections close, as do streams of events; running requests get `drainLimitMs` more before they are cut. Calling twice drains once.
 */
export function createDrain(
  app: FastifyInstance,
  state: DrainState,
  config: Pick<HttpConfig, 'drainDelayMs' | 'drainLimitMs'>,
  endStreams: () => void,
): () => Promise<void> {
  const unused = watchUnused(app.server);
  let ending: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    state.draining = true;
    await pause(config.drainDelayMs);
    endStreams();
    const cutUnused = setTimeout(() => unused.forEach((socket) => socket.destroy()), FIRST_QUESTION_MS);
    const cut = setTimeout(() => app.server.closeAllConnections(), config.drainLimitMs);
    try {
      await app.close();
    } finally {
      clearTimeout(cutUnused);
      clearTimeout(cut);
    }
  };
  return () => (ending ??= drain());
}
