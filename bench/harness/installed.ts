import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../src/main/compose.ts';
import { product, builtFile } from './product.ts';

type Environment = Readonly<Record<string, string>>;

/** One process of the built product, logging to a file, as at `info` level. */
export type Program = { readonly pid: number; readonly port: number; stop(): Promise<void> };

/** The product as it is installed, on a database of its own; its processes share keys and name. */
export type Installed = {
  /** Where the provider sandbox listens, when one of its programs starts it. */
  readonly sandboxPort: number;
  /** Does what no route offers, such as opening a park without staff, in this very process. */
  inside<Answer>(work: (app: App) => Promise<Answer>): Promise<Answer>;
  /** @param nodeArguments go to its Node, as for a profile */
  start(name: 'api' | 'start', nodeArguments?: readonly string[]): Promise<Program>;
  /** Removes its files; its programs have to be stopped before. */
  remove(): Promise<void>;
};

const START_LIMIT_MS = 120_000;

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address !== 'object') throw new Error('no free port');
  return address.port;
}

async function waitUntilReady(port: number, ended: Promise<unknown>, logFile: string): Promise<void> {
  const giveUpMs = performance.now() + START_LIMIT_MS;
  const gone = ended.then(() => 'gone' as const);
  while (performance.now() < giveUpMs) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer?.ok === true) return;
    if ((await Promise.race([gone, sleep(20)])) === 'gone') break;
  }
  throw new Error(`the product did not start:\n${(await readFile(logFile, 'utf8')).slice(-4000)}`);
}

async function startProgram(
  file: URL,
  folder: string,
  port: number,
  environment: Environment,
  nodeArguments: readonly string[],
): Promise<Program> {
  const logFile = join(folder, `${port}.log`);
  const log = await open(logFile, 'w');
  const child = spawn(process.execPath, [...nodeArguments, file.pathname], {
    env: { ...environment, PORT: String(port), PATH: process.env['PATH'] },
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = once(child, 'exit');
  const killWithUs = (): boolean => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', killWithUs);
    await log.close();
  };
  try {
    await waitUntilReady(port, ended, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, port, stop };
}

/**
 * Migrates the database and gives the product a folder for its keys.
 * @param url of its database; null: it starts the embedded one in its folder, and `inside` cannot be called
 */
export async function install(url: string | null, more: Environment = {}): Promise<Installed> {
  const folder = await mkdtemp(join('/var/tmp', 'skypark-bench-'));
  // The embedded server runs under an account of its own when we are root.
  await chmod(folder, 0o755);
  const sandboxPort = await freePort();
  const environment: Environment = {
    ...(url === null ? {} : { DATABASE_URL: url }),
    SKYPARK_DATA_DIR: folder,
    SKYPARK_SANDBOX_PORT: String(sandboxPort),
    PUBLIC_URL: 'http://skypark.test',
    SKYPARK_MODE: 'demo',
    RATE_LIMIT_PER_MINUTE: '10000000',
    ...more,
  };
  return {
    sandboxPort,
    async inside(work) {
      if (url === null) throw new Error('there is no database yet');
      const [{ migrateDatabase }, { compose }, { loadConfig }, { createLogger }] = await Promise.all([
        product.migrateDatabase(),
        product.compose(),
        product.config(),
        product.logging(),
      ]);
      const { canSetRole } = await migrateDatabase(url, { log: () => undefined });
      const log = createLogger({ level: 'silent' });
      const app = await compose({ config: loadConfig(environment), log, databaseUrl: url, canSetRole });
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    },
    async start(name, nodeArguments = []) {
      const port = await freePort();
      // The sandbox beside it tells it of payments, there where it is.
      const own = name === 'start' ? { PUBLIC_URL: `http://127.0.0.1:${port}` } : {};
      return startProgram(builtFile(`main/${name}.js`), folder, port, { ...environment, ...own }, nodeArguments);
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
