import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../tools/demo/own-product.ts';

/** A server of a test's own, which it may stop, kill and start again on the same port and data. */
export type OwnServer = {
  readonly url: string;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
  /** Kills it and all its processes at once. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
};

type Program = {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Who runs it; whoever runs the tests when absent. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** What asks it to end; SIGTERM when absent. */
  readonly stopSignal?: 'SIGINT';
};

const START_LIMIT_MS = 60_000;

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function ownServer(directory: string, port: number, url: string, program: Program): OwnServer {
  let running: ChildProcess | null = null;
  async function end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<void> {
    const child = running;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    // Negative: the whole group, since some servers are started by a script.
    process.kill(-child.pid, signal);
    await ended;
    running = null;
  }
  return {
    url,
    async start() {
      const child = spawn(program.file, program.args, {
        env: { PATH: process.env['PATH'] ?? '', ...program.environment },
        stdio: 'ignore',
        detached: true,
        ...program.user,
      });
      running = child;
      const endAt = Date.now() + START_LIMIT_MS;
      while (!(await answers(port))) {
        if (child.exitCode !== null || Date.now() > endAt) throw new Error(`${program.file} did not start`);
        await sleep(50);
      }
    },
    stop: () => end(program.stopSignal ?? 'SIGTERM'),
    kill: () => end('SIGKILL'),
    async dispose() {
      await end('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const home = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `skypark-${name}-`));

/** A Redis that keeps nothing on disk. */
export async function ownRedis(): Promise<OwnServer> {
  const [directory, port] = [await home('redis'), await freePort()];
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', '--dir', directory];
  return ownServer(directory, port, `redis://127.0.0.1:${port}`, { file: 'redis-server', args, environment: {} });
}

const POSTGRES = '/usr/lib/postgresql/15/bin';

/** The account that runs PostgreSQL: it refuses to be root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** Debian's PostgreSQL 15 with data of its own, which it writes to the disk as in earnest. */
export async function ownPostgres(): Promise<OwnServer> {
  const [directory, port, user] = [await home('postgres'), await freePort(), unprivileged()];
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8'];
  execFileSync(join(POSTGRES, 'initdb'), initdb, { stdio: 'ignore', cwd: directory, ...user });
  return ownServer(directory, port, `postgres://postgres@127.0.0.1:${port}/postgres`, {
    file: join(POSTGRES, 'postgres'),
    args: ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    environment: {},
    // "Fast": sessions are ended rather than waited for.
    stopSignal: 'SIGINT',
    ...(user === undefined ? {} : { user }),
  });
}

const RABBITMQ = '/usr/lib/rabbitmq/bin';

/** Debian's RabbitMQ with a node and data of its own. */
export async function ownRabbitmq(): Promise<OwnServer & { readonly control: (...args: string[]) => void }> {
  const file = join(RABBITMQ, 'rabbitmq-server');
  accessSync(file, constants.X_OK);
  const [directory, port, distributionPort] = [await home('rabbitmq'), await freePort(), await freePort()];
  await writeFile(join(directory, 'rabbitmq.conf'), `listeners.tcp.1 = 127.0.0.1:${port}\n`);
  await writeFile(join(directory, 'plugins'), '[].');
  const environment = {
    HOME: directory,
    RABBITMQ_NODENAME: `skypark-test-${port}@localhost`,
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: directory,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  };
  return {
    ...ownServer(directory, port, `amqp://guest:guest@127.0.0.1:${port}`, { file, args: [], environment }),
    control(...args) {
      const env = { PATH: process.env['PATH'] ?? '', ...environment };
      execFileSync(join(RABBITMQ, 'rabbitmqctl'), args, { env, stdio: 'ignore' });
    },
  };
}
