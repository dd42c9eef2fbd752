import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender, Run } from '../harness/contest.ts';
import { endedChildren, meterOf, type CpuMeter } from '../harness/cpu.ts';
import { latenciesOf } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { BareQuestion } from './bare-worker.ts';
import { BARE_INSERT } from './database.ts';

const execute = promisify(execFile);

/** The bare one-row insert that appends are measured against. */
export type BareSide = {
  /** What it is, with its version. */
  readonly description: string;
  contender(name: string, clients: number): Contender;
  close(): Promise<void>;
};

/** pgbench where it is installed, else the driver's prepared insert. */
export async function openBareSide(url: string, postgres: CpuMeter): Promise<BareSide> {
  const version = await execute('pgbench', ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
  return version === null ? openDriverSide(url, postgres) : openPgbenchSide(url, version, postgres);
}

/** The number of the line that begins (or holds) `label`. */
function reported(output: string, pattern: RegExp): number {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`pgbench did not report ${pattern.source}:\n${output}`);
  return Number(found);
}

async function openPgbenchSide(url: string, version: string, postgres: CpuMeter): Promise<BareSide> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-bench-'));
  const script = join(folder, 'insert.sql');
  await writeFile(script, `${BARE_INSERT.replaceAll('\n', ' ')};\n`);
  const bare = new URL(url);
  const environment = { ...process.env, PGPASSWORD: decodeURIComponent(bare.password) };
  bare.password = '';

  async function run(clients: number, seconds: number): Promise<Run> {
    const common = ['-n', '-M', 'prepared', '-f', script, '-T', String(Math.max(1, Math.round(seconds)))];
    const many = ['-c', String(clients), '-j', String(Math.min(clients, 2))];
    // Single waits are written down for a lone client only: for many the log would cost them their rate.
    const logged = clients === 1 ? ['-l', `--log-prefix=${join(folder, 'waits')}`] : [];
    const { stdout } = await execute('pgbench', [...common, ...many, ...logged, bare.href], { env: environment });
    const operations = reported(stdout, /transactions actually processed: (\d+)/);
    const done = { operations, seconds: operations / reported(stdout, /^tps = ([\d.]+)/m) };
    return clients === 1 ? { ...done, ...latenciesOf(await takeWaits(folder)) } : done;
  }

  return {
    description: version,
    contender: (name, clients) => ({
      name,
      processes: { client: endedChildren, postgres },
      run: (seconds) => run(clients, seconds),
    }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The waits pgbench wrote down, in milliseconds; the files are gone afterwards. */
async function takeWaits(folder: string): Promise<number[]> {
  const waitsMs: number[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith('waits')) continue;
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n')) {
      const elapsedUs = line.split(' ')[2];
      if (elapsedUs !== undefined) waitsMs.push(Number(elapsedUs) / 1000);
    }
    await rm(join(folder, name));
  }
  return waitsMs;
}

async function openDriverSide(url: string, postgres: CpuMeter): Promise<BareSide> {
  const worker = startWorker<BareQuestion, Run>(new URL('./bare-worker.ts', import.meta.url));
  await worker.ask({ kind: 'open', url, connections: 32 });
  return {
    description: 'the prepared insert of the npm package pg (pgbench is not installed)',
    contender: (name, callers) => ({
      name,
      processes: { client: meterOf(worker.pid), postgres },
      run: (seconds) => worker.ask({ kind: 'run', callers, seconds }),
    }),
    close: () => worker.stop(),
  };
}
