import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const RUNNER = fileURLToPath(new URL('../run.mjs', import.meta.url));
const START_LIMIT_MS = 60_000;

/** Whether a Sky Park answers at `url`. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2000) });
    const body: unknown = await response.json();
    return response.ok && typeof body === 'object' && body !== null && 'status' in body && body.status === 'ready';
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export type OwnProduct = { readonly url: string; readonly dataDir: string; stop(): Promise<void> };

/** Starts the product on free ports with data of its own, which `stop` removes. It ends with this process. */
export async function startOwnProduct(): Promise<OwnProduct> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skypark-demo-'));
  // Others may pass through: the database server runs under an account of its own when we are root.
  await chmod(dataDir, 0o755);
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const { SKYPARK_URL: _ofTheDemo, DATABASE_URL: _ofOthers, ...environment } = process.env;
  const child = spawn(process.execPath, [RUNNER, 'start'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...environment,
      PORT: String(port),
      SKYPARK_SANDBOX_PORT: String(sandboxPort),
      SKYPARK_DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      // All families of the demo come from one address.
      RATE_LIMIT_PER_MINUTE: '10000',
      // Makes it watch its parent, so that a killed demo leaves nothing behind.
      npm_lifecycle_event: 'start',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      await stop();
      throw new Error('The product did not start; see above.');
    }
    await sleep(100);
  }
  return { url, dataDir, stop };
}
