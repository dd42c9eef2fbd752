import type { Logger } from 'pino';
import { SANDBOX_BAKAI } from '../infrastructure/provider-sandbox/bakai-routes.ts';
import {
  startProviderSandbox,
  type ProviderSandbox,
  type SandboxOptions,
} from '../infrastructure/provider-sandbox/start-sandbox.ts';
import { systemClock } from '../infrastructure/clock.ts';
import type { App } from './compose.ts';
import type { Config } from './config.ts';
import { openNodeDatabase } from './database-of.ts';
import { seedDemo, type DemoAccounts } from './demo-seed.ts';
import { sandboxElqrLink } from './elqr-links.ts';
import { ensureFirstAdmin } from './first-admin.ts';
import { composeHeadquarters } from './headquarters-lives.ts';
import { startApi } from './http-api.ts';
import { elqrWebhookUrl } from './payment-providers.ts';
import type { Running } from './process.ts';
import { merchantKeys, sandboxDir } from './secrets.ts';
import { startWorker } from './worker-jobs.ts';

export type Product = Running & {
  readonly app: App;
  readonly accounts: DemoAccounts | null;
  /** What the database is, for people. */
  readonly database: string;
  readonly sandboxUrl: string | null;
};

type SandboxSetting = Pick<App, 'config' | 'log' | 'clock'> & Pick<SandboxOptions, 'faultTimes'>;

/** The sandbox stands in for a provider that nobody has configured, in demo mode only. */
export const wantsSandbox = ({ mode, elqr, elcard, fiscal }: Config): boolean =>
  mode === 'demo' && (elqr.baseUrl === null || elcard.baseUrl === null || fiscal === null);

export type RunningSandbox = Pick<ProviderSandbox, 'url' | 'stop'>;

/** In this process, by its clock; null where no sandbox is wanted. */
export async function startSandbox({ config, log, clock, ...more }: SandboxSetting): Promise<ProviderSandbox | null> {
  if (!wantsSandbox(config)) return null;
  const { publicKeyPem } = await merchantKeys(config);
  return startProviderSandbox({
    port: config.sandboxPort,
    dataDir: sandboxDir(config),
    merchantPublicKeyPem: publicKeyPem,
    mode: config.mode,
    linkOf: sandboxElqrLink,
    bakaiWebhookUrl: `${elqrWebhookUrl(config)}/${SANDBOX_BAKAI.webhookSecret}`,
    clock,
    log,
    ...more,
  });
}

const startSandboxHere = (config: Config, log: Logger) => startSandbox({ config, log, clock: systemClock });

/** Starts the whole product in this process: database, API and worker; and a provider to play with. */
export async function startProduct(
  config: Config,
  log: Logger,
  openSandbox: (config: Config, log: Logger) => Promise<RunningSandbox | null> = startSandboxHere,
): Promise<Product> {
  const database = await openNodeDatabase(config, log);
  const [sandbox, app] = await Promise.all([
    openSandbox(config, log),
    composeHeadquarters({ config, log, databaseUrl: database.url, canSetRole: database.canSetRole }),
  ]);
  const accounts = config.mode === 'demo' ? await seedDemo(app.modules, config.dataDir) : null;
  await ensureFirstAdmin(app);
  const worker = startWorker(app);
  const api = await startApi(app);
  return {
    app,
    accounts,
    database: database.description,
    sandboxUrl: sandbox?.url ?? null,
    lost: database.lost,
    async stop() {
      await api.drain();
      await worker.stop();
      await app.close();
      await sandbox?.stop();
      await database.stop();
    },
  };
}
