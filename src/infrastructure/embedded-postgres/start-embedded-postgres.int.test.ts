import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { locatePackage } from './binaries.ts';
import { reasonOf } from './error.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './start-embedded-postgres.ts';
import {
  TemporaryDirectories,
  emptiedWithin,
  query,
  quick,
  refusalOf,
} from '../../../test/support/embedded-postgres.ts';

const directories = new TemporaryDirectories();
const running: EmbeddedPostgres[] = [];

async function start(dataDir: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const sharedDir = join(await directories.make(), 'shared');
  const server = await startEmbeddedPostgres({ ...quick, dataDir, sharedDir, ...more });
  running.push(server);
  return server;
}

const stopAll = async (): Promise<void> => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
};

/** A finished data directory, made once: most rules are about later starts. */
let finished: Promise<string> | null = null;

async function makeFinished(): Promise<string> {
  const dataDir = await directories.make();
  const server = await start(dataDir);
  await query(server.url, 'CREATE TABLE note AS SELECT 42 AS answer');
  await server.stop();
  return dataDir;
}

const finishedDataDir = (): Promise<string> => (finished ??= makeFinished());

/** A copy of the package in which initdb is replaced by a shell script. */
async function packageWithInitdb(script: string): Promise<string> {
  const copy = join(await directories.make(), 'package');
  await cp(locatePackage(), copy, { recursive: true, verbatimSymlinks: true });
  await rm(join(copy, 'native/bin/initdb'));
  await writeFile(join(copy, 'native/bin/initdb'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return copy;
}

describe('the embedded PostgreSQL', { timeout: 60_000 }, () => {
  afterEach(stopAll);
  afterAll(() => directories.removeAll());

  test('starts from nothing on 127.0.0.1 only, in UTF-8, with durable settings', async () => {
    const server = await start(join(await directories.make(), 'not', 'yet', 'there'), { settings: {} });
    const [row] = await query(
      server.url,
      `SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync,
              current_setting('synchronous_commit') AS synchronous_commit,
              current_setting('listen_addresses') AS listen_addresses,
              current_setting('unix_socket_directories') AS unix_socket_directories,
              current_setting('server_encoding') AS server_encoding,
              current_setting('max_connections') AS max_connections,
              (SELECT datcollate FROM pg_database WHERE datname = current_database()) AS collation`,
    );
    expect(row).toEqual({
      version: server.version,
      fsync: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      server_encoding: 'UTF8',
      max_connections: '100',
      collation: 'C.UTF-8',
    });
  });

  test('applies the given settings', async () => {
    const server = await start(await finishedDataDir(), { settings: { fsync: 'off', work_mem: '7MB' } });
    expect(await query(server.url, 'SHOW work_mem')).toEqual([{ work_mem: '7MB' }]);
  });

  test('finds its data at the second start', async () => {
    const server = await start(await finishedDataDir());
    expect(await query(server.url, 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
  });

  test('admits nobody without the password, which only its owner can read', async () => {
    const dataDir = await finishedDataDir();
    const server = await start(dataDir);
    const wrong = new URL(server.url);
    wrong.password = 'postgres';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    const passwordFile = join(dataDir, 'cluster', 'password');
    expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
    expect((await readFile(passwordFile, 'utf8')).trim()).toBe(new URL(server.url).password);
  });

  test('is gone after stop, which may be called twice', async () => {
    const dataDir = await finishedDataDir();
    const server = await start(dataDir);
    await Promise.all([server.stop(), server.stop()]);
    expect(await emptiedWithin(join(dataDir, 'cluster', 'data'), 100)).not.toBeNull();
  });

  test('stops although clients are still connected', async () => {
    const server = await start(await finishedDataDir());
    const client = new Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    const sleeper = client.query('SELECT pg_sleep(30)').then(() => 'finished', reasonOf);
    await server.stop();
    expect(await sleeper).toMatch(/terminat/);
  });

  test('refuses a second start on the same data and names the process that runs', async () => {
    const dataDir = await finishedDataDir();
    const first = await start(dataDir);
    const refusal = await refusalOf(start(dataDir));
    expect(refusal.failure).toBe('already_running');
    expect(refusal.message).toContain(`process ${process.pid} (port ${first.port}`);
    expect(await query(first.url, 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
  });

  test('lets exactly one of several simultaneous first starts through', async () => {
    const dataDir = await directories.make();
    const outcomes = await Promise.allSettled([start(dataDir), start(dataDir), start(dataDir)]);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(reasons).toEqual([
      expect.objectContaining({ failure: 'already_running' }),
      expect.objectContaining({ failure: 'already_running' }),
    ]);
  });

  test('ignores a pid file whose number now belongs to another living process', async () => {
    const dataDir = await finishedDataDir();
    const data = join(dataDir, 'cluster', 'data');
    await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`);
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
  });

  test('rebuilds what a start killed during initdb left behind', async () => {
    const dataDir = await directories.make();
    await mkdir(join(dataDir, 'cluster.draft-abc', 'data', 'base'), { recursive: true });
    await writeFile(join(dataDir, 'cluster.draft-abc', 'data', 'PG_VERSION'), '18\n');
    await start(dataDir);
    expect((await readdir(dataDir)).sort()).toEqual(['cluster', 'lock']);
  });

  test('never takes a directory without PG_VERSION for a cluster, and never deletes it', async () => {
    const dataDir = await directories.make();
    await mkdir(join(dataDir, 'cluster', 'data', 'base'), { recursive: true });
    await expect(start(dataDir)).rejects.toMatchObject({ failure: 'unusable_data' });
    expect(await readdir(join(dataDir, 'cluster', 'data'))).toEqual(['base']);
  });

  test('tells the reason when initdb fails, leaves nothing behind and can be started again', async () => {
    const dataDir = await directories.make();
    const packageDir = await packageWithInitdb('echo "could not extend file: No space left on device" >&2; exit 1');
    const refusal = await refusalOf(start(dataDir, { packageDir }));
    expect(refusal.failure).toBe('init_failed');
    expect(refusal.message).toContain('No space left on device');
    expect(await readdir(dataDir)).toEqual(['lock']);
    await start(dataDir);
  });

  test('tells the reason when the server does not come up', async () => {
    const refusal = await refusalOf(start(await finishedDataDir(), { settings: { shared_buffers: 'plenty' } }));
    expect(refusal.failure).toBe('start_failed');
    expect(refusal.message).toContain('invalid value for parameter "shared_buffers"');
  });

  test('refuses data of another major version', async () => {
    const dataDir = await directories.make();
    await cp(await finishedDataDir(), dataDir, { recursive: true });
    await writeFile(join(dataDir, 'cluster', 'data', 'PG_VERSION'), '15\n');
    const refusal = await refusalOf(start(dataDir));
    expect(refusal.failure).toBe('version_mismatch');
    expect(refusal.message).toMatch(/written by PostgreSQL 15, but the embedded binaries are 18\./);
  });

  test('says to set DATABASE_URL where the binaries cannot run', async () => {
    const packageDir = join(await directories.make(), 'package');
    await mkdir(join(packageDir, 'native', 'bin'), { recursive: true });
    await writeFile(join(packageDir, 'native', 'bin', 'postgres'), '#!/no/such/loader\n', { mode: 0o755 });
    const refusal = await refusalOf(start(await directories.make(), { packageDir }));
    expect(refusal.failure).toBe('unsupported_platform');
    expect(refusal.message).toContain('set DATABASE_URL');
  });
});
