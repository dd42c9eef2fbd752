import { createHttpServer } from '../infrastructure/http/server.ts';
import type { App } from './compose.ts';
import { serverSettings } from './server-settings.ts';

/** Answers probes and shows metrics for a process that serves nobody else; only where the configuration names a port. */
export async function startOperationsListener(app: App): Promise<{ drain(): Promise<void> }> {
  const { host, opsPort } = app.config;
  if (opsPort === null) return { drain: async () => undefined };
  const server = await createHttpServer({ ...serverSettings(app), routes: [], info: null });
  await server.app.listen({ host, port: opsPort });
  return server;
}
