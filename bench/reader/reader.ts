import { Client } from 'pg';
import { runContest, type Contender, type Pace, type Run } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { Closers } from '../harness/load.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { median } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { AppendQuestion } from '../append/append-worker.ts';
import { prepareDatabase } from '../append/database.ts';
import type { ReaderAnswer, ReaderQuestion } from './reader-worker.ts';

const NAMES = {
  flood: '32 appenders in two processes, a reader beside',
  calm: '50 appends a second, a reader beside',
} as const;
const CALM_A_SECOND = 50;

async function headOf(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ position: string }>('select position from store.head');
    return Number(rows[0]?.position);
  } finally {
    await client.end();
  }
}

/** Bar P5b: a reader that follows the log live sees every event once, and soon. */
export async function benchReader(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  try {
    const database = await server.newDatabase('skypark_bench_reader');
    open.add(() => database.drop());
    await prepareDatabase(database.url);
    const appenders = [1, 2].map(() =>
      open.keep(startWorker<AppendQuestion, Run>(new URL('../append/append-worker.ts', import.meta.url))),
    );
    for (const appender of appenders) await appender.ask({ kind: 'open', url: database.url });
    const reader = open.keep(startWorker<ReaderQuestion, ReaderAnswer>(new URL('./reader-worker.ts', import.meta.url)));
    await reader.ask({ kind: 'open', url: database.url });
    const lagsMs: number[] = [];
    let seen: ReaderAnswer = { handled: 0, missed: 0, doubled: 0, p50Ms: 0, p99Ms: 0, mostMs: 0 };
    let handled = 0;
    const processes = {
      appenders: () => appenders.reduce((sum, { pid }) => sum + meterOf(pid)(), 0),
      reader: meterOf(reader.pid),
      postgres: server.cpu,
    };
    const contender = (name: string, append: (seconds: number) => Promise<readonly Run[]>): Contender => ({
      name,
      processes,
      async run(seconds) {
        await reader.ask({ kind: 'begin' });
        const done = await append(seconds);
        seen = await reader.ask({ kind: 'end', position: await headOf(database.url) });
        handled += seen.handled;
        if (name === NAMES.calm) lagsMs.push(seen.p50Ms);
        const { p50Ms, p99Ms, mostMs } = seen;
        const operations = done.reduce((sum, run) => sum + run.operations, 0);
        return { operations, seconds: Math.max(...done.map((run) => run.seconds)), p50Ms, p99Ms, mostMs };
      },
    });
    const contenders = [
      contender(NAMES.flood, (seconds) =>
        Promise.all(appenders.map((appender) => appender.ask({ kind: 'streams', callers: 16, seconds }))),
      ),
      contender(NAMES.calm, (seconds) =>
        Promise.all(
          appenders
            .slice(0, 1)
            .map((appender) => appender.ask({ kind: 'streams', callers: 1, seconds, aSecond: CALM_A_SECOND })),
        ),
      ),
    ];
    const results = await runContest(contenders, pace, say, () => analyze(database.url));
    const { missed, doubled } = seen;
    return {
      name: 'reader',
      title: 'Following the log live',
      about: [
        'A subscription as flows have it, in a process of its own. The waits in this table are not those of appends but the lag: from the stamp that an event gets before its flush is sent until it is handled.',
      ],
      results,
      bars: [
        bar('P5b', 'events missed or handled twice', 'at most', 0, missed + doubled),
        bar('P5b', `lag at ${CALM_A_SECOND} appends a second (p50), ms`, 'at most', 5, median(lagsMs)),
      ],
      facts: { 'events handled': handled },
    };
  } finally {
    await open.close();
  }
}
