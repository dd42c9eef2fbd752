import type { FastifyInstance } from 'fastify';
import type { HttpConfig } from './http-config.ts';

/** Whether the server is on its way out. Shared by readiness, the answers and {@link createDrain}. */
export type DrainState = { draining: boolean };

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
  let ending: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    state.draining = true;
    await pause(config.drainDelayMs);
    endStreams();
    const cut = setTimeout(() => app.server.closeAllConnections(), config.drainLimitMs);
    try {
      await app.close();
    } finally {
      clearTimeout(cut);
    }
  };
  return () => (ending ??= drain());
}
