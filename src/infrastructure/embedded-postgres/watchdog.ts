import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.ts';
import { EmbeddedPostgresError } from './error.ts';
import { forwardServerLine } from './log.ts';
import type { EmbeddedPostgresLog } from './log.ts';
import { OutputTail, asAccount, childEnvironment } from './program.ts';

/**
 * The shell between us and the server. Its input is a pipe that closes when this process ends in any way, kill -9
 * included; then the server gets a fast and, if that takes over two seconds, an immediate shutdown. Descriptor 3 is the
 * lock file: the server and all its children inherit it, so the kernel keeps the lock until the last of them is gone.
 * The port comes as the first line of input, once the data are ready. Signals sent to everybody (a terminal, a service
 * manager) are left to this process, which decides when the server stops.
 */
const SCRIPT = `
trap '' HUP INT TERM
if command -v flock >/dev/null; then flock -n 3 || exit 75; echo locked; else echo unlocked; fi
read -r port || exit 0
exec 4<&0
"$@" -p "$port" </dev/null 4<&- &
server=$!
echo "server $server"
(
  while read -r line <&4; do :; done
  kill -INT "$server"
  sleep 2 >/dev/null 4<&-
  kill -QUIT "$server"
) 2>/dev/null 3>&- &
life_line=$!
wait "$server"
outcome=$?
kill -KILL "$life_line"
exit "$outcome"
`;

const LOCK_IS_TAKEN = 75;
const DRAIN_MS = 300;

export type Watchdog = {
  /** Whether the kernel guards the data; false where the system has no flock command. */
  readonly locked: boolean;
  /** Starts the server and answers its process number. */
  startServer(port: number): Promise<number>;
  /** Settles when the server (or the shell before it) has ended. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Closes the pipe: the server, if it runs, shuts down. */
  letGo(): void;
  /** Whether the event loop stays alive for the server's sake. */
  hold(keepAlive: boolean): void;
  lastWords(): string;
};

export type WatchdogOptions = {
  /** The server program and its arguments, without the port. */
  readonly command: readonly string[];
  readonly account: Account | null;
  readonly cwd: string;
  readonly lockFd: number;
  readonly log: EmbeddedPostgresLog;
};

function holdChild(child: ChildProcess, keepAlive: boolean): void {
  const streams = [child.stdin, child.stdout, child.stderr].filter((stream) => stream instanceof Socket);
  for (const handle of [child, ...streams]) {
    if (keepAlive) handle.ref();
    else handle.unref();
  }
}

const noShell = (cause: Error): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'unsupported_platform',
    `The embedded PostgreSQL needs the program sh (${cause.message}): set DATABASE_URL to a PostgreSQL server (15 or newer).`,
    { cause },
  );

/** Takes the lock and waits for the order to start the server. Answers null when somebody else holds the lock. */
export async function startWatchdog(options: WatchdogOptions): Promise<Watchdog | null> {
  const child = spawn('sh', ['-c', SCRIPT, 'sh', ...options.command], {
    ...asAccount(options.account),
    cwd: options.cwd,
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe', options.lockFd],
    detached: true,
  });
  const tail = new OutputTail();
  const failed = new Promise<never>((_, reject) => child.once('error', (cause) => reject(noShell(cause))));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // The last messages arrive before "close", which in turn never comes while somebody else holds the pipes.
  const drained = exited.then((code) => Promise.race([closed, sleep(DRAIN_MS, null, { ref: false })]).then(() => code));
  const outcome = Promise.race([drained, failed]);
  // Writing to a shell that has just ended is not an error of its own: the end is noticed.
  child.stdin?.on('error', () => undefined);
  const lines = (stream: NodeJS.ReadableStream | null): ReturnType<typeof createInterface> | null =>
    stream === null ? null : createInterface({ input: stream });
  lines(child.stderr)?.on('line', (line) => {
    tail.add(`${line}\n`);
    forwardServerLine(line, options.log);
  });
  const words = lines(child.stdout);
  const nextWord = (): Promise<string> => new Promise((resolve) => words?.once('line', resolve));
  const greeting = await Promise.race([nextWord(), outcome]);
  if (greeting === LOCK_IS_TAKEN) return null;
  if (typeof greeting !== 'string') throw new Error(tail.toString() || `sh ended with code ${greeting}`);
  let over = false;
  const ended = outcome.then(
    () => void (over = true),
    () => void (over = true),
  );
  return {
    locked: greeting === 'locked',
    startServer: async (port) => {
      child.stdin?.write(`${port}\n`);
      const word = await Promise.race([nextWord(), outcome]);
      if (typeof word !== 'string') throw new Error(tail.toString() || `sh ended with code ${word}`);
      return Number(word.replace('server ', ''));
    },
    ended,
    hasEnded: () => over,
    letGo: () => void child.stdin?.end(),
    hold: (keepAlive) => holdChild(child, keepAlive),
    lastWords: () => tail.toString(),
  };
}
