import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';
import { createTemporaryDatabase, type TemporaryDatabase } from '../../tools/schema/temporary-database.ts';
import { familyMeterOf, parentOf, type CpuMeter } from './cpu.ts';

export type BenchServer = {
  readonly description: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Of the whole server. On a server that others use too, it counts their work as well. */
  readonly cpu: CpuMeter;
  newDatabase(prefix: string): Promise<TemporaryDatabase>;
  stop(): Promise<void>;
};

/** What decides how fast a commit may be; the first three also whether it is one. */
const SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_sync_method',
  'shared_buffers',
  'max_wal_size',
  'max_connections',
];
const SAFE = ['fsync', 'synchronous_commit', 'full_page_writes'];

type Facts = { readonly version: string; readonly settings: Record<string, string>; readonly cpu: CpuMeter };

async function ask(url: string): Promise<Facts> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; value: string }>(
      `select name, current_setting(name) as value from unnest($1::text[]) name`,
      [SETTINGS],
    );
    const about = await client.query<{ version: string; pid: number }>(
      `select current_setting('server_version') as version, pg_backend_pid() as pid`,
    );
    const { version = '?', pid = 0 } = about.rows[0] ?? {};
    // Only a server on this machine has our backend among our processes, under a postmaster that has a parent too.
    const postmaster = parentOf(pid);
    const cpu = postmaster === null || postmaster <= 1 ? () => Number.NaN : familyMeterOf(postmaster);
    return { version, cpu, settings: Object.fromEntries(rows.map(({ name, value }) => [name, value])) };
  } finally {
    await client.end();
  }
}

/** The server of `BENCH_DATABASE_URL`, or an embedded one started for the run. Refuses one that would not keep what it commits. */
export async function openServer(say: (line: string) => void): Promise<BenchServer> {
  const given = process.env['BENCH_DATABASE_URL'];
  const { url, name, stop } =
    given === undefined || given === ''
      ? await startOwn(say)
      : { url: given, name: 'PostgreSQL', stop: async () => undefined };
  try {
    const { version, settings, cpu } = await ask(url);
    const unsafe = SAFE.filter((setting) => settings[setting] !== 'on');
    if (unsafe.length > 0) throw new Error(`a benchmark needs ${unsafe.join(', ')} on`);
    const description = `${name} ${version}`;
    return { description, settings, cpu, newDatabase: (prefix) => createTemporaryDatabase(url, prefix), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOwn(say: (line: string) => void) {
  // On disk and open to the server's account, whoever we are; /tmp may be memory, where a commit costs nothing.
  const folder = await mkdtemp('/var/tmp/skypark-bench-');
  await chmod(folder, 0o755);
  const log = { debug: () => undefined, info: () => undefined, warn: say };
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log });
  return {
    url: server.url,
    name: 'embedded PostgreSQL',
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Lets the planner know what the tables hold, as the server's own housekeeping does within a minute of a first start: no
 * side shall be measured with plans made for empty tables in one round and with others in the next.
 */
export async function analyze(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('analyze');
  } finally {
    await client.end();
  }
}
