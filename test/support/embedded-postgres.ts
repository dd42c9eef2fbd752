import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, readlink, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { EmbeddedPostgresError } from '../../src/infrastructure/embedded-postgres/error.ts';
import { systemCode } from '../../src/infrastructure/system-code.ts';
import type { EmbeddedPostgresOptions } from '../../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';

/** Options for servers of tests: quick and quiet. */
export const quick = {
  settings: { fsync: 'off', full_page_writes: 'off' },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
} as const satisfies Partial<EmbeddedPostgresOptions>;

/** Makes temporary directories and removes them, with whatever is in them, at the end. */
export class TemporaryDirectories {
  readonly #made: string[] = [];

  async make(mode = 0o755): Promise<string> {
    const made = await realpath(await mkdtemp(join(tmpdir(), 'skypark-launcher-')));
    await chmod(made, mode);
    this.#made.push(made);
    return made;
  }

  async removeAll(): Promise<void> {
    for (const path of this.#made.splice(0)) await rm(path, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Why a start was refused. Throws when it was not. */
export async function refusalOf(start: Promise<unknown>): Promise<EmbeddedPostgresError> {
  const outcome = await start.catch((error: unknown) => error);
  if (outcome instanceof EmbeddedPostgresError) return outcome;
  throw new Error('expected the start to be refused', { cause: outcome });
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Numbers of all processes whose working directory is `directory`: every PostgreSQL process of that data directory. */
export async function processesIn(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const found = await Promise.all(
    pids.map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => null)) === directory ? [pid] : [])),
  );
  return found.flat();
}

/** Waits until no process works in `directory`; answers how many milliseconds that took, or null after `limitMs`. */
export async function emptiedWithin(directory: string, limitMs: number): Promise<number | null> {
  const begin = performance.now();
  while (performance.now() - begin < limitMs) {
    if ((await processesIn(directory)).length === 0) return performance.now() - begin;
    await sleep(20);
  }
  return null;
}

/** Kills processes that may be gone already. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (systemCode(error) !== 'ESRCH') throw error;
    }
  }
}

export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

export type StartedElsewhere = { readonly child: ChildProcess; readonly pid: number; readonly url: string };

/** What a process of its own does: start a server, possibly after giving up root for `uid`, and then live on. */
export type ChildStart = Pick<EmbeddedPostgresOptions, 'dataDir' | 'packageDir' | 'sharedDir'> & {
  readonly uid?: number;
};

/** Starts a server from another Node process and waits for its URL. Rejects with what the process said instead. */
export async function startElsewhere(start: ChildStart): Promise<StartedElsewhere> {
  const script = join(import.meta.dirname, 'embedded-postgres-child.ts');
  const { dataDir, packageDir = '', sharedDir = '', uid = '' } = start;
  const args = ['--import', import.meta.resolve('tsx'), script, dataDir, packageDir, sharedDir, String(uid)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (words += chunk));
  const gone = once(child, 'close').then(() => null);
  const url = await Promise.race([once(createInterface({ input: child.stdout }), 'line').then(String), gone]);
  if (url === null || child.pid === undefined) throw new Error(words);
  return { child, pid: child.pid, url };
}

export async function killHard(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
