import type { FileHandle } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverAccount } from './account.ts';
import { locatePackage, prepareBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { SUPERUSER, ensureCluster, readPassword, readPidFile, removeStalePidFile } from './cluster.ts';
import { EmbeddedPostgresError, reasonOf } from './error.ts';
import { findHome } from './home.ts';
import type { Home } from './home.ts';
import type { EmbeddedPostgresLog } from './log.ts';
import { writeOwnerNote } from './owner-note.ts';
import { signalProcess } from './process-identity.ts';
import { openLock, takeLock } from './start-lock.ts';
import type { Watchdog } from './watchdog.ts';

/** Names and values of server parameters, such as `{ fsync: 'off' }`. */
export type PostgresSettings = Readonly<Record<string, string>>;

export type EmbeddedPostgresOptions = {
  /** Where the data live, for example `.skypark/postgres`; made when missing. */
  readonly dataDir: string;
  readonly settings?: PostgresSettings;
  /** Whether `url` leads to a Unix socket beside the data: it costs less than the network of this machine. Needs a short `dataDir`. */
  readonly unixSocket?: boolean;
  readonly log: EmbeddedPostgresLog;
  /** The package with the binaries, when it is not the installed one. */
  readonly packageDir?: string;
  /** Root's place for what its server's account cannot reach in `dataDir` or in the package. Default /var/lib/skypark. */
  readonly sharedDir?: string;
};

export type EmbeddedPostgres = {
  /** Connection URL of the superuser to the database `postgres`. It holds the password: never log it. */
  readonly url: string;
  readonly port: number;
  /** For example `18.4`. */
  readonly version: string;
  /** Settles when the server has ended without being stopped, with the reason to tell; never otherwise. */
  readonly lost: Promise<Error>;
  /** Shuts the server down and waits until it is gone. May be called more than once. */
  stop(): Promise<void>;
};

const DEFAULTS: PostgresSettings = {
  shared_buffers: '128MB',
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
};

/** What the launcher relies on, and what keeps values of statements (personal data) out of the log. */
const FIXED: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_timezone: 'UTC',
  log_line_prefix: '',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const PORT_TRIES = 5;
const READY_POLL_MS = 10;
const READY_LIMIT_MS = 120_000;
const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 5000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function serverCommand(home: Home, binaries: Binaries, options: EmbeddedPostgresOptions): string[] {
  const socket = { unix_socket_directories: options.unixSocket === true ? home.data : '' };
  const all = Object.entries({ ...DEFAULTS, ...options.settings, ...FIXED, ...socket });
  return [binaries.postgres, '-D', home.data, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function waitUntilReady(home: Home, watchdog: Watchdog, server: number): Promise<void> {
  for (let waitedMs = 0; waitedMs < READY_LIMIT_MS; waitedMs += READY_POLL_MS) {
    const pidFile = await readPidFile(home);
    if (pidFile?.pid === server && pidFile.ready) return;
    if (watchdog.hasEnded()) throw new Error(watchdog.lastWords() || 'it ended without a word');
    await sleep(READY_POLL_MS);
  }
  throw new Error(`it was not ready within ${READY_LIMIT_MS / 1000} s\n${watchdog.lastWords()}`);
}

/** Brings the server up on one port, or answers null when somebody else took that port meanwhile. */
async function bringUp(home: Home, watchdog: Watchdog, port: number): Promise<number | null> {
  try {
    const server = await watchdog.startServer(port);
    await waitUntilReady(home, watchdog, server);
    return server;
  } catch (cause) {
    if (/Address already in use/.test(watchdog.lastWords())) return null;
    const message = `PostgreSQL did not start on ${home.data}: ${reasonOf(cause)}`;
    throw new EmbeddedPostgresError('start_failed', message, { cause });
  }
}

const endsWithin = (watchdog: Watchdog, limitMs: number): Promise<boolean> =>
  Promise.race([watchdog.ended.then(() => true), sleep(limitMs, false, { ref: false })]);

async function shutDown(watchdog: Watchdog, server: number, log: EmbeddedPostgresLog): Promise<void> {
  const steps = [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
  ] as const;
  for (const [signal, limitMs] of steps) {
    if (watchdog.hasEnded()) return;
    signalProcess(server, signal);
    if (await endsWithin(watchdog, limitMs)) return;
    log.warn(`PostgreSQL (process ${server}) did not stop ${limitMs / 1000} s after ${signal}`);
  }
  signalProcess(server, 'SIGKILL');
  await watchdog.ended;
}

async function release(lock: FileHandle): Promise<void> {
  await lock.truncate(0);
  await lock.close();
}

function handOver(
  running: { readonly url: string; readonly port: number; readonly version: string },
  server: number,
  watchdog: Watchdog,
  lock: FileHandle,
  log: EmbeddedPostgresLog,
): EmbeddedPostgres {
  let stopping: Promise<void> | null = null;
  const lost = watchdog.ended.then(async () => {
    // A server that was stopped is not lost: that is never told.
    if (stopping !== null) return await new Promise<Error>(() => undefined);
    const error = new Error(`PostgreSQL (process ${server}) stopped unexpectedly`);
    log.warn(error.message);
    // If only the shell was killed, its other half still listens on the pipe and ends the server.
    watchdog.letGo();
    await (stopping = release(lock));
    return error;
  });
  const stop = async (): Promise<void> => {
    watchdog.hold(true);
    await shutDown(watchdog, server, log);
    await release(lock);
  };
  watchdog.hold(false);
  return { ...running, lost, stop: () => (stopping ??= stop()) };
}

async function startOnce(
  home: Home,
  binaries: Binaries,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres | null> {
  const { log, settings, unixSocket = false } = options;
  const lock = await openLock(home);
  let watchdog: Watchdog | null = null;
  try {
    const command = serverCommand(home, binaries, options);
    watchdog = await takeLock(home, { command, account: home.account, cwd: home.path, lockFd: lock.fd, log });
    const port = await freePort();
    await writeOwnerNote(lock, port);
    await ensureCluster(home, binaries, lock.fd, settings?.['fsync'] !== 'off');
    const password = await readPassword(home);
    if (watchdog.locked) await removeStalePidFile(home);
    const server = await bringUp(home, watchdog, port);
    if (server !== null) {
      const way = unixSocket ? `?host=${encodeURIComponent(home.data)}` : '';
      const url = `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres${way}`;
      return handOver({ url, port, version: binaries.version }, server, watchdog, lock, log);
    }
  } catch (error) {
    watchdog?.letGo();
    await watchdog?.ended;
    await (watchdog === null ? lock.close() : release(lock));
    throw error;
  }
  await watchdog.ended;
  await release(lock);
  return null;
}

/**
 * Starts PostgreSQL from the installed binaries on the data of `dataDir`, which it creates when missing. The server
 * listens on a free port of 127.0.0.1 only, asks for a password (made at the first start, kept beside the data), and
 * ends with this process, however that ends. It does not keep the event loop alive.
 *
 * Throws {@link EmbeddedPostgresError} with a reason a person can act on.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const packageDir = options.packageDir ?? locatePackage();
  const sharedDir = options.sharedDir ?? '/var/lib/skypark';
  const home = await findHome(options.dataDir, await serverAccount(), sharedDir, options.log);
  const binaries = await prepareBinaries(packageDir, home.account, home.cacheDir);
  for (let attempt = 0; attempt < PORT_TRIES; attempt += 1) {
    const running = await startOnce(home, binaries, options);
    if (running !== null) return running;
  }
  const message = `PostgreSQL found no free port on 127.0.0.1 in ${PORT_TRIES} tries.`;
  throw new EmbeddedPostgresError('start_failed', message);
}
