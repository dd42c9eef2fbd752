import { startProviderSandbox, type ProviderSandbox } from '../infrastructure/provider-sandbox/start-sandbox.ts';
import { systemClock } from '../infrastructure/clock.ts';
import type { Logger } from 'pino';
import { compose } from './compose.ts';
import type { Config } from './config.ts';
import { openNodeDatabase } from './database-of.ts';
import { seedDemo } from './demo-seed.ts';
import { sandboxElqrLink } from './elqr-links.ts';
import { startApi } from './http-api.ts';
import { runProcess } from './process.ts';
import { merchantKeys, sandboxDir } from './secrets.ts';
import { welcome } from './welcome.ts';
import { startWorker } from './worker-jobs.ts';

/** The sandbox stands in for a provider that nobody has configured, in demo mode only. */
async function startSandbox(config: Config, log: Logger): Promise<ProviderSandbox | null> {
  if (config.mode !== 'demo' || config.elqr.baseUrl !== null) return null;
  const { publicKeyPem } = await merchantKeys(config);
  return startProviderSandbox({
    port: config.sandboxPort,
    dataDir: sandboxDir(config),
    merchantPublicKeyPem: publicKeyPem,
    mode: config.mode,
    linkOf: sandboxElqrLink,
    clock: systemClock,
    log,
  });
}

// The whole product in one process: database, API, worker, and a provider to play with.
await runProcess(async (config, log) => {
  const database = await openNodeDatabase(config, log);
  const sandbox = await startSandbox(config, log);
  const app = await compose({ config, log, databaseUrl: database.url, canSetRole: database.canSetRole });
  const accounts = config.mode === 'demo' ? await seedDemo(app.modules, config.dataDir) : null;
  const worker = startWorker(app);
  const api = await startApi(app);
  process.stdout.write(welcome({ config, accounts, database: database.description, sandboxUrl: sandbox?.url ?? null }));
  return {
    async stop() {
      await api.drain();
      await worker.stop();
      await app.close();
      await sandbox?.stop();
      await database.stop();
    },
  };
});
