import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { S3mini } from 's3mini';
import type { S3Access } from '../../src/infrastructure/files/s3-file-store.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import type { OwnServer } from './own-server.ts';

const run = promisify(execFile);

const PROGRAMS = ['swift-ring-builder', 'swift-account-server', 'swift-container-server', 'swift-object-server']
  .concat('swift-proxy-server', 'memcached')
  .map((name) => `/usr/bin/${name}`);
const KINDS = ['account', 'container', 'object'] as const;
const START_LIMIT_MS = 60_000;

/** Whether Debian's OpenStack Swift is installed: swift-proxy, swift-account, swift-container, swift-object, memcached. */
export const hasSwift = (): boolean => PROGRAMS.every((file) => existsSync(file));

export type OwnSwift = OwnServer & {
  /** To a bucket that is empty at the first start. */
  readonly access: S3Access;
};

type Place = { readonly directory: string; readonly ports: Readonly<Record<string, number>> };

const common = ({ directory }: Place, port: number | undefined): string => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
swift_dir = ${directory}
log_level = ERROR
`;

const storageConfig = (place: Place, kind: string): string => `${common(place, place.ports[kind])}
devices = ${place.directory}/devices
mount_check = false
disable_fallocate = true
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`;

const proxyConfig = (place: Place): string => `${common(place, place.ports['proxy'])}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
# Else one that is asked before it has started is not asked again for a minute.
error_suppression_interval = 0
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${place.ports['memcached']}
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
`;

/** One ring of one device for each kind of server. */
async function configure(place: Place): Promise<void> {
  const { directory, ports } = place;
  await mkdir(join(directory, 'devices', 'd1'), { recursive: true });
  for (const kind of KINDS) {
    const builder = (...words: readonly string[]) =>
      run('/usr/bin/swift-ring-builder', [join(directory, `${kind}.builder`), ...words]);
    await builder('create', '0', '1', '0');
    await builder('add', `r1z1-127.0.0.1:${ports[kind]}/d1`, '1');
    await builder('rebalance');
    await writeFile(join(directory, `${kind}.conf`), storageConfig(place, kind));
  }
  await writeFile(join(directory, 'proxy.conf'), proxyConfig(place));
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Debian's OpenStack Swift with its S3 interface on free ports of loopback, in a folder of its own. */
export async function ownSwift(): Promise<OwnSwift> {
  const directory = await mkdtemp(join(tmpdir(), 'skypark-swift-'));
  const names = [...KINDS, 'proxy', 'memcached'];
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()] as const)));
  await configure({ directory, ports });
  const url = `http://127.0.0.1:${ports['proxy']}`;
  const access = {
    endpoint: url,
    bucket: 'pictures',
    accessKey: 'test:tester',
    secretKey: 'testing',
    region: 'us-east-1',
  };
  let children: readonly ChildProcess[] = [];
  const spawned = (file: string, args: readonly string[]): ChildProcess =>
    spawn(`/usr/bin/${file}`, args, { cwd: directory, stdio: 'ignore' });
  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const living = children.filter((child) => !hasEnded(child));
    const ended = living.map((child) => once(child, 'exit'));
    for (const child of living) child.kill(signal);
    await Promise.all(ended);
  }
  return {
    access,
    url,
    async start() {
      const memcached = ['-l', '127.0.0.1', '-p', String(ports['memcached']), '-m', '16', '-u', userInfo().username];
      children = [
        spawned('memcached', memcached),
        ...[...KINDS, 'proxy'].map((kind) => spawned(`swift-${kind}-server`, [join(directory, `${kind}.conf`)])),
      ];
      await untilBucketIsThere(access, () => children.some(hasEnded));
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async dispose() {
      await end('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Tries until all servers have started, the one of objects too; makes the bucket the first time. */
async function untilBucketIsThere(
  { endpoint, bucket, accessKey, secretKey, region }: S3Access,
  isOver: () => boolean,
): Promise<void> {
  const client = new S3mini({
    endpoint: `${endpoint}/${bucket}`,
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    region,
  });
  const isThere = async (): Promise<boolean> => {
    if (!(await client.bucketExists()) && !(await client.createBucket())) return false;
    await client.putObject('started', 'yes');
    return client.deleteObject('started');
  };
  const endAt = Date.now() + START_LIMIT_MS;
  while (!(await isThere().catch(() => false))) {
    if (isOver() || Date.now() > endAt) throw new Error('Swift did not start');
    await sleep(100);
  }
}
