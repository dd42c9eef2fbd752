import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { systemCode } from '../system-code.ts';
import { EmbeddedPostgresError, reasonOf } from './error.ts';
import type { Home } from './home.ts';
import { pidExists } from './process-identity.ts';
import { runProgram } from './program.ts';

export const SUPERUSER = 'postgres';

const DRAFT_PREFIX = 'cluster.draft-';

async function readOrNull(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function giveTo(path: string, account: Account | null): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid);
}

function initdbArgs(data: string, passwordFile: string, durable: boolean): string[] {
  const args = ['-D', data, '-U', SUPERUSER, '-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'];
  args.push('--auth=scram-sha-256', `--pwfile=${passwordFile}`);
  return durable ? args : [...args, '--no-sync'];
}

async function initialise(
  draft: string,
  home: Home,
  binaries: Binaries,
  lockFd: number,
  durable: boolean,
): Promise<void> {
  const data = join(draft, 'data');
  const initPassword = join(draft, 'init-password');
  const password = randomBytes(24).toString('base64url');
  await chmod(draft, 0o711);
  await writeFile(join(draft, 'password'), `${password}\n`, { mode: 0o600, flush: durable });
  await writeFile(initPassword, `${password}\n`, { mode: 0o600 });
  await giveTo(initPassword, home.account);
  await mkdir(data, { mode: 0o700 });
  await giveTo(data, home.account);
  const outcome = await runProgram({
    command: binaries.initdb,
    args: initdbArgs(data, initPassword, durable),
    account: home.account,
    cwd: home.path,
    // An initdb that outlives us keeps the lock, so that nobody works beside it.
    heldFd: lockFd,
  });
  if (outcome.exitCode !== 0) throw new Error(outcome.errorTail || `exit code ${outcome.exitCode}`);
  await rm(initPassword);
}

/**
 * Makes the cluster unless it exists. It is built under another name and renamed when whole, so what a killed start left
 * behind is never taken for data. The lock must be held. `durable` false saves the fsync, for tests.
 */
export async function ensureCluster(home: Home, binaries: Binaries, lockFd: number, durable: boolean): Promise<void> {
  const leftOvers = (await readdir(home.path)).filter((name) => name.startsWith(DRAFT_PREFIX));
  for (const name of leftOvers) await rm(join(home.path, name), { recursive: true, force: true, maxRetries: 5 });
  const written = await readOrNull(join(home.data, 'PG_VERSION'));
  if (written !== null) return assertSameMajor(home, Number.parseInt(written, 10), binaries);
  const found = await readdir(home.cluster).catch(() => []);
  if (found.length > 0) {
    const message = `${home.cluster} is not a whole PostgreSQL cluster (no PG_VERSION): restore it, or delete it to start empty.`;
    throw new EmbeddedPostgresError('unusable_data', message);
  }
  const draft = await mkdtemp(join(home.path, DRAFT_PREFIX));
  try {
    await initialise(draft, home, binaries, lockFd, durable);
    await syncDirectory(draft);
    await rm(home.cluster, { recursive: true, force: true });
    await rename(draft, home.cluster);
    await syncDirectory(home.path);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    const message = `PostgreSQL could not create its database in ${home.path}: ${reasonOf(cause)}`;
    throw new EmbeddedPostgresError('init_failed', message, { cause });
  }
}

function assertSameMajor(home: Home, major: number, binaries: Binaries): void {
  if (major === binaries.major) return;
  const message = `The database in ${home.data} was written by PostgreSQL ${major}, but the embedded binaries are ${binaries.version}: move the data with pg_dumpall, or delete ${home.cluster} to start empty.`;
  throw new EmbeddedPostgresError('version_mismatch', message);
}

export async function readPassword(home: Home): Promise<string> {
  const text = await readOrNull(join(home.cluster, 'password'));
  if (text !== null && text.trim() !== '') return text.trim();
  const message = `The password of the database in ${home.cluster} is missing (file "password"): restore it, or delete the directory to start empty.`;
  throw new EmbeddedPostgresError('unusable_data', message);
}

export type PidFile = { readonly pid: number; readonly ready: boolean };

/** What the server wrote into its pid file: its process number in line 1, its state in line 8. */
export async function readPidFile(home: Home): Promise<PidFile | null> {
  const lines = (await readOrNull(join(home.data, 'postmaster.pid')))?.split('\n');
  const pid = Number(lines?.[0]);
  return lines !== undefined && Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : null;
}

/** The process number of a server that runs on these data, or null: a server's working directory is its data directory. */
export async function runningServer(home: Home): Promise<number | null> {
  const pidFile = await readPidFile(home);
  if (pidFile === null || !pidExists(pidFile.pid)) return null;
  const directory = await readlink(`/proc/${pidFile.pid}/cwd`).catch(() => null);
  return directory === home.data ? pidFile.pid : null;
}

/**
 * Removes the pid file of a killed server, without which PostgreSQL would refuse to start when the number meanwhile
 * belongs to another process. Only for a caller that holds the lock, which every server process of ours shares.
 */
export async function removeStalePidFile(home: Home): Promise<void> {
  const server = await runningServer(home);
  if (server === null) return await rm(join(home.data, 'postmaster.pid'), { force: true });
  const message = `A PostgreSQL server that was not started by this program (process ${server}) runs on ${home.data}: stop it first.`;
  throw new EmbeddedPostgresError('already_running', message);
}
