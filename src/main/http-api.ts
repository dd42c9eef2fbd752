import { Server as TlsServer } from 'node:tls';
import type { HttpServer } from '../infrastructure/http/server.ts';
import { createHttpServer } from '../infrastructure/http/server.ts';
import { createWakeups } from '../infrastructure/event-store/wakeups.ts';
import { readTlsPair, watchTlsFiles, type TlsPair, type TlsWatch } from '../infrastructure/tls/tls-files.ts';
import { assert } from '../kernel/assert.ts';
import { problem, type ProblemReply } from '../infrastructure/http/problem.ts';
import { StoreUnavailable } from '../kernel/event-store.ts';
import { ForeignStream } from '../kernel/stream-states.ts';
import { API_INFO } from './api-info.ts';
import type { App } from './compose.ts';
import { serverSettings } from './server-settings.ts';
import { followTokenKeys } from './token-keys.ts';
import { webAppsOf } from './web-apps.ts';

/** How often the files of the certificate are looked at. */
const TLS_LOOK_MS = 5_000;

/** New connections get the certificate that is in the files now; those that are open go on. SIGHUP looks at once. */
function followTls({ config, log }: App, { app }: HttpServer, current: TlsPair): Pick<TlsWatch, 'stop'> {
  assert(config.tls !== null && app.server instanceof TlsServer, 'a server that speaks TLS');
  const { server } = app;
  const watch = watchTlsFiles({
    ...config.tls,
    current,
    everyMs: TLS_LOOK_MS,
    apply(pair) {
      server.setSecureContext(pair);
      log.info('new connections get the certificate that is in TLS_CERT_FILE now');
    },
    onError: (error) =>
      log.error({ err: error }, 'TLS_CERT_FILE and TLS_KEY_FILE do not go together; the old pair stays'),
  });
  const look = (): void => void watch.look();
  process.on('SIGHUP', look);
  return {
    stop() {
      process.off('SIGHUP', look);
      watch.stop();
    },
  };
}

/** What the program throws and a caller can do something about. */
export function refusalOf(error: unknown): ProblemReply | null {
  if (error instanceof StoreUnavailable) return problem('busy');
  return error instanceof ForeignStream ? problem('not_home') : null;
}

/** The API of a node, listening. */
export async function startApi(app: App): Promise<HttpServer> {
  const { config, log, modules } = app;
  const tls = config.tls === null ? null : await readTlsPair(config.tls);
  const webApps = webAppsOf(config.node.role);
  if (webApps === null) log.warn('the pages were not built (npm run build): only the API is served');
  const server = await createHttpServer({
    ...serverSettings(app),
    tls,
    webApps: webApps ?? [],
    routes: modules.routes,
    info: { ...API_INFO, servers: [{ url: config.publicUrl, description: 'This installation' }] },
    mapError: refusalOf,
  });
  if (config.node.role === 'hq' && !modules.auth.canSendCodes) {
    log.warn('no channel sends one-time codes: accounts pay, get roles and passes without a verified number');
  }
  const wakeups = createWakeups(app.database, (error) =>
    log.warn({ err: error }, 'wake-ups are lost; the log is polled'),
  );
  const keeping = app.shownAnswers.start(app.store, wakeups);
  await server.app.listen({ host: config.host, port: config.port });
  const following = [...(tls === null ? [] : [followTls(app, server, tls)]), followTokenKeys(app)];
  return {
    ...server,
    async drain() {
      for (const each of following) each.stop();
      await server.drain();
      await keeping.stop();
      await wakeups.close();
    },
  };
}
