import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { connectDatabase } from '../../src/infrastructure/postgres/database.ts';
import type { ProviderSandbox, SandboxOptions } from '../../src/infrastructure/provider-sandbox/start-sandbox.ts';
import { createLogger } from '../../src/infrastructure/logging/logger.ts';
import type { Clock } from '../../src/kernel/time.ts';
import { compose, type App } from '../../src/main/compose.ts';
import { loadConfig, type Config } from '../../src/main/config.ts';
import { startApi } from '../../src/main/http-api.ts';
import { startSandbox } from '../../src/main/product.ts';
import { freePort, isReady } from '../../tools/demo/own-product.ts';
import { projectRoot } from './project-files.ts';

/** Variables of the product, as a person would set them. */
export type Settings = Readonly<Record<string, string>>;

/** Takes work for the end: of the test by default, of a whole file with `createCleanUp`. */
export type CleanUp = (work: () => Promise<unknown>) => void;

const afterTest: CleanUp = (work) => onTestFinished(async () => void (await work()));

/** For what several tests share: `later` in `beforeAll`, `run` in `afterAll`; the last comes first. */
export function createCleanUp(): { readonly later: CleanUp; run(): Promise<void> } {
  const works: (() => Promise<unknown>)[] = [];
  return {
    later: (work) => void works.unshift(work),
    async run() {
      for (const work of works.splice(0)) await work();
    },
  };
}

/** A data directory that is gone afterwards. */
export async function temporaryDataDir(later: CleanUp = afterTest): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skypark-e2e-'));
  await chmod(dataDir, 0o755);
  later(() => rm(dataDir, { recursive: true, force: true, maxRetries: 10 }));
  return dataDir;
}

/** Settings of a product on free ports of loopback that logs errors only. */
export async function localSettings(dataDir: string, more: Settings = {}): Promise<Settings> {
  return {
    PORT: String(await freePort()),
    SKYPARK_SANDBOX_PORT: String(await freePort()),
    SKYPARK_DATA_DIR: dataDir,
    SKYPARK_MODE: 'demo',
    LOG_LEVEL: 'error',
    // All guests of a test come from one address.
    RATE_LIMIT_PER_MINUTE: '1000000',
    ...more,
  };
}

export const configOf = (settings: Settings): Config => loadConfig(settings);

export const loggerOf = (config: Config) => createLogger({ level: config.logLevel });

export type TestApi = { readonly app: App; readonly url: string; stop(): Promise<void> };

/**
 * The API alone, in this process and by the test's own clock, on a database that has the schema. No timer runs.
 * @param connect opens its connections; as in production when absent
 */
export async function startTestApi(
  settings: Settings,
  clock: Clock,
  later: CleanUp = afterTest,
  connect = connectDatabase,
): Promise<TestApi> {
  const config = configOf(settings);
  const databaseUrl = config.databaseUrl ?? '';
  const app = await compose({ config, log: loggerOf(config), databaseUrl, canSetRole: true, clock, connect });
  const api = await startApi(app);
  let stopping: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    await api.drain();
    await app.close();
  };
  const stop = (): Promise<void> => (stopping ??= end());
  later(stop);
  return { app, url: `http://127.0.0.1:${config.port}`, stop };
}

/** The provider sandbox beside an API, by its clock and on its data. */
export async function startTestSandbox(
  { app: { config, log, clock } }: TestApi,
  later: CleanUp = afterTest,
  faultTimes?: SandboxOptions['faultTimes'],
): Promise<ProviderSandbox> {
  const sandbox = await startSandbox({ config, log, clock, ...(faultTimes === undefined ? {} : { faultTimes }) });
  if (sandbox === null) throw new Error('the providers are configured: there is no sandbox');
  later(() => sandbox.stop());
  return sandbox;
}

export type Program = {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it wrote to its error output. */
  words(): string;
};

const START_LIMIT_MS = 60_000;

/** Starts a program of src/main as a process of its own and waits until it is ready. It is killed afterwards. */
export async function startProgram(
  name: 'start' | 'api' | 'worker' | 'park-node',
  settings: Settings,
  later: CleanUp = afterTest,
): Promise<Program> {
  const child = runProgram(`src/main/${name}.ts`, [], settings, later);
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (words += chunk));
  child.stdout?.resume();
  const url = `http://127.0.0.1:${settings[name === 'worker' ? 'SKYPARK_OPS_PORT' : 'PORT']}`;
  const giveUpAt = Date.now() + START_LIMIT_MS;
  while (!(await isReady(url))) {
    if (hasEnded(child) || Date.now() > giveUpAt) throw new Error(`${name} did not get ready:\n${words}`);
    await sleep(20);
  }
  return { child, url, words: () => words };
}

/**
 * Runs a program of this repository with nothing of this process's environment but its paths: what is in src as it is built,
 * which starts in less than half the time, anything else from its source.
 */
export function runProgram(
  file: string,
  commandArguments: readonly string[],
  settings: Settings,
  later: CleanUp = afterTest,
): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const isBuilt = file.startsWith('src/');
  const program = isBuilt ? [`dist/${file.slice('src/'.length, -'.ts'.length)}.js`] : ['--import', 'tsx', file];
  const child = spawn(process.execPath, [...program, ...commandArguments], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, ...settings },
  });
  later(() => killTree(child));
  return child;
}

/** Runs such a program to its end. */
export async function outputOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly text: string }> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  await once(child, 'close');
  return { code: child.exitCode, text };
}

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** The processes that descend from `pid`, by the system's table. */
async function descendantsOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const children = lists.flatMap((list) => list.trim().split(' ').filter(Boolean).map(Number));
  const further = await Promise.all(children.map(descendantsOf));
  return [...children, ...further.flat()];
}

/** Sends a signal to a process and to everything it started, at one blow. */
export async function signalTree({ pid }: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (pid === undefined) return;
  for (const one of [pid, ...(await descendantsOf(pid))]) {
    try {
      process.kill(one, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** `kill -9` of a process that runs; waits until it is gone. */
export async function endAtOnce(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** `kill -9` of a process and of everything it started; waits until it is gone. */
export async function killTree(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return;
  const gone = once(child, 'exit');
  await signalTree(child, 'SIGKILL');
  await gone;
}
