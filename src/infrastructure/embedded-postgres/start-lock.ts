import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningServer } from './cluster.ts';
import { systemCode } from '../system-code.ts';
import { EmbeddedPostgresError } from './error.ts';
import type { Home } from './home.ts';
import { notOurFile, openOwnFile } from './owned-file.ts';
import { readOwnerNote } from './owner-note.ts';
import type { OwnerNote } from './owner-note.ts';
import { isRunning, signalProcess } from './process-identity.ts';
import { startWatchdog } from './watchdog.ts';
import type { Watchdog, WatchdogOptions } from './watchdog.ts';

const POLL_MS = 100;
const WAIT_LIMIT_MS = 20_000;
/** A server whose owner was killed stops by itself; one whose watchdog was killed as well is told to. */
const FAST_SHUTDOWN_AFTER_MS = 3000;
const IMMEDIATE_SHUTDOWN_AFTER_MS = 10_000;

export async function openLock(home: Home): Promise<FileHandle> {
  const lock = await openOwnFile(home.lock, constants.O_RDWR | constants.O_CREAT, 0o600).catch((cause: unknown) => {
    if (cause instanceof EmbeddedPostgresError) throw cause;
    const message = `The data directory ${home.path} cannot be written by the current user (${systemCode(cause)}): start as its owner, or choose another one.`;
    throw new EmbeddedPostgresError('unusable_data', message, { cause });
  });
  // It is written to: under a second name it could be a file of ours that is something else.
  if ((await lock.stat()).nlink === 1) return lock;
  await lock.close();
  throw notOurFile(home.lock);
}

function alreadyRunning(home: Home, note: OwnerNote | null): EmbeddedPostgresError {
  const who = note === null ? 'another process' : `process ${note.pid} (port ${note.port}, since ${note.since})`;
  const message = `The database in ${home.path} is already in use by ${who}: stop it first, or choose another data directory.`;
  return new EmbeddedPostgresError('already_running', message);
}

async function stopOrphan(home: Home, waitedMs: number): Promise<void> {
  if (waitedMs < FAST_SHUTDOWN_AFTER_MS) return;
  const server = await runningServer(home);
  if (server !== null) signalProcess(server, waitedMs < IMMEDIATE_SHUTDOWN_AFTER_MS ? 'SIGINT' : 'SIGQUIT');
}

/**
 * Starts a watchdog that holds the lock of this home. Waits while a server of a dead owner is still going down (and
 * helps it along); refuses at once when the owner lives.
 */
export async function takeLock(home: Home, options: WatchdogOptions): Promise<Watchdog> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    const watchdog = await startWatchdog(options);
    if (watchdog?.locked === true) return watchdog;
    const note = await readOwnerNote(home.lock);
    const ownerLives = note !== null && (await isRunning(note));
    if (watchdog !== null && !ownerLives) return watchdog;
    watchdog?.letGo();
    if (ownerLives || waitedMs >= WAIT_LIMIT_MS) throw alreadyRunning(home, note);
    if (note !== null) await stopOrphan(home, waitedMs);
    await sleep(POLL_MS);
  }
}
