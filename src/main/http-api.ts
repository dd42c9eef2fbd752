import type { HttpServer } from '../infrastructure/http/server.ts';
import { createHttpServer } from '../infrastructure/http/server.ts';
import { createWakeups } from '../infrastructure/event-store/wakeups.ts';
import { problem } from '../infrastructure/http/problem.ts';
import { StoreUnavailable } from '../kernel/event-store.ts';
import { API_INFO } from './api-info.ts';
import type { App } from './compose.ts';
import { serverSettings } from './server-settings.ts';

/** The API of a node, listening. */
export async function startApi(app: App): Promise<HttpServer> {
  const { config, log, modules } = app;
  const server = await createHttpServer({
    ...serverSettings(app),
    routes: modules.routes,
    info: { ...API_INFO, servers: [{ url: config.publicUrl, description: 'This installation' }] },
    mapError: (error) => (error instanceof StoreUnavailable ? problem('busy') : null),
  });
  if (!modules.auth.canSendCodes) {
    log.warn('no channel sends one-time codes: accounts pay, get roles and passes without a verified number');
  }
  const wakeups = createWakeups(app.database, (error) =>
    log.warn({ err: error }, 'wake-ups are lost; the log is polled'),
  );
  const keeping = app.shownAnswers.start(app.store, wakeups);
  await server.app.listen({ host: config.host, port: config.port });
  return {
    ...server,
    async drain() {
      await server.drain();
      await keeping.stop();
      await wakeups.close();
    },
  };
}
