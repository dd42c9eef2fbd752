import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { measure, type Pace, type Round } from '../harness/contest.ts';
import { familyMeterOf } from '../harness/cpu.ts';
import { install, type Program } from '../harness/installed.ts';
import { Closers } from '../harness/load.ts';
import { bar, type Report } from '../harness/report.ts';
import type { BenchServer } from '../harness/server.ts';
import { median } from '../harness/statistics.ts';

const NAME = 'npm start, warm';
/** How long nothing is asked of it before its memory is looked at. */
const IDLE_MS = 5_000;

/** MiB that a process keeps in memory. */
function residentMebibytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}

/** Bar P13: how long the whole product takes to start on data that is there, and what it keeps in memory. */
export async function benchStart(_server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  const rounds: Round[] = [];
  const idle: number[] = [];
  try {
    const installed = await install(null);
    open.add(() => installed.remove());
    // Makes the database; not counted.
    await (await installed.start('start')).stop();
    for (let round = 0; round < pace.rounds; round += 1) {
      let program: Program | undefined;
      const done = await measure(
        {
          name: NAME,
          processes: {},
          async run() {
            const startedMs = performance.now();
            program = await installed.start('start');
            const tookMs = performance.now() - startedMs;
            return { operations: 1, seconds: tookMs / 1000, p50Ms: tookMs, p99Ms: tookMs, mostMs: tookMs };
          },
        },
        0,
      );
      if (program === undefined) throw new Error('it did not start');
      await sleep(IDLE_MS);
      idle.push(residentMebibytes(program.pid));
      const cpuUs = { 'node and its children': familyMeterOf(program.pid)() * 1e6 };
      rounds.push({ ...done, cpuUs });
      say(`  round ${round + 1}/${pace.rounds}  ${Math.round(done.p50Ms ?? 0)} ms`);
      await program.stop();
    }
  } finally {
    await open.close();
  }
  return {
    name: 'start',
    title: 'Starting the product',
    about: [
      'All of it as `npm start` runs it, from the start of the process to the first answer of `/health/ready`: the embedded database, migrations that find nothing to do, API and worker in one process, and the sandbox of the providers. The build and npm itself are not in it. Memory is that of the process of API and worker, after five seconds in which nothing was asked.',
    ],
    results: new Map([[NAME, rounds]]),
    bars: [
      bar('P13', 'seconds until it is ready, warm', 'at most', 3, median(rounds.map(({ seconds }) => seconds))),
      bar('P13', 'MiB of API and worker, idle', 'at most', 250, median(idle)),
    ],
    facts: {},
  };
}
