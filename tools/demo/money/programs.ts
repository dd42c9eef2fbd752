import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DemoFailure } from '../answered.ts';
import { freePort, isReady } from '../own-product.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_LIMIT_MS = 120_000;

/** A program of the product that can be killed at any time and started again on the same data. */
export type Program = {
  readonly name: string;
  readonly url: string;
  /** Resolves once it answers, or is under way where it has no door. */
  start(): Promise<void>;
  /** `kill -9`; resolves once it is gone. */
  kill(): Promise<void>;
};

export type Programs = {
  readonly api: Program;
  readonly worker: Program;
  readonly sandbox: Program;
};

type Setting = {
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** What programs write goes there. */
  readonly logFile: string;
  readonly faults: { readonly seed: number; readonly rate: number };
};

/** An answer is lost when the connection breaks off, before our patience ends. */
const FAULT_TIMES = ['--silent-ms', '1000', '--slow-ms', '300'];

/** The built programs as processes of their own, on free ports; none is started yet, and the data are seeded. */
export async function preparePrograms(setting: Setting): Promise<Programs> {
  const [port, sandboxPort, opsPort] = [await freePort(), await freePort(), await freePort()];
  const environment = {
    PORT: String(port),
    SKYPARK_SANDBOX_PORT: String(sandboxPort),
    SKYPARK_OPS_PORT: String(opsPort),
    SKYPARK_DATA_DIR: setting.dataDir,
    DATABASE_URL: setting.databaseUrl,
    SKYPARK_MODE: 'demo',
    LOG_LEVEL: 'warn',
    // All guests come from one address.
    RATE_LIMIT_PER_MINUTE: '1000000',
  };
  const url = `http://127.0.0.1:${port}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const programOf = (name: string, at: string, isUp: () => Promise<boolean>, more: readonly string[] = []): Program =>
    createProgram({ name, url: at, isUp, programArguments: more, environment, logFile: setting.logFile });
  // Makes the parks and the logins of staff, which the others find.
  const whole = programOf('start', url, () => isReady(url));
  await whole.start();
  await whole.kill();
  const { seed, rate } = setting.faults;
  const faults = ['--fault-seed', String(seed), '--fault-rate', String(rate), ...FAULT_TIMES];
  const place = ['--port', String(sandboxPort), '--data-dir', setting.dataDir];
  return {
    api: programOf('api', url, () => isReady(url)),
    worker: programOf('worker', `http://127.0.0.1:${opsPort}`, async () => true),
    sandbox: programOf('sandbox', sandboxUrl, () => answers(`${sandboxUrl}/faults`), [...place, ...faults]),
  };
}

function createProgram(options: {
  readonly name: string;
  readonly url: string;
  readonly isUp: () => Promise<boolean>;
  readonly programArguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}): Program {
  const { name, url, isUp, programArguments, environment, logFile } = options;
  const { PATH = '', HOME = '' } = process.env;
  let child: ChildProcess | null = null;
  const hasEnded = (): boolean => child === null || child.exitCode !== null || child.signalCode !== null;
  return {
    name,
    url,
    async start() {
      const log = openSync(logFile, 'a', 0o600);
      child = spawn(process.execPath, [join(ROOT, `dist/main/${name}.js`), ...programArguments], {
        cwd: ROOT,
        stdio: ['ignore', log, log],
        env: { PATH, HOME, ...environment },
      });
      const giveUpAt = Date.now() + START_LIMIT_MS;
      while (!(await isUp())) {
        if (hasEnded() || Date.now() > giveUpAt) throw new DemoFailure(`${name} did not start; see ${logFile}`);
        await sleep(50);
      }
    },
    async kill() {
      if (child === null || hasEnded()) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
