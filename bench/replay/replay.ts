import { Client } from 'pg';
import { rates, runContest, type Contender, type Pace, type Run } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { Closers } from '../harness/load.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { AppendQuestion } from '../append/append-worker.ts';
import { prepareDatabase, walPosition } from '../append/database.ts';
import { fillLog } from './log.ts';
import type { ReplayAnswer, ReplayQuestion } from './replay-worker.ts';

const EVENTS = 1_000_000;
const APPEND_SECONDS = 3;

const NAMES = {
  copy: 'ordered COPY to the driver',
  fold: 'folded in Node, checkpointed',
  rebuild: 'rebuilt by set-based SQL',
} as const;

/** Bytes of write-ahead log an event, at 32 callers; the first run readies the pages. */
async function walOfAppends(url: string): Promise<number> {
  const appender = startWorker<AppendQuestion, Run>(new URL('../append/append-worker.ts', import.meta.url));
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await appender.ask({ kind: 'open', url });
    const append = () => appender.ask({ kind: 'streams', callers: 32, seconds: APPEND_SECONDS });
    // What a page costs when it is first written after a checkpoint says nothing about an event.
    await client.query('checkpoint');
    await append();
    const before = await walPosition(client);
    const { operations } = await append();
    return ((await walPosition(client)) - before) / operations;
  } finally {
    await client.end();
    await appender.stop();
  }
}

/** Bars P5 and, of P5b, the log an appended event writes: reading a long log again. */
export async function benchReplay(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  const { events = EVENTS } = pace;
  try {
    const database = await server.newDatabase('skypark_bench_replay');
    open.add(() => database.drop());
    await prepareDatabase(database.url);
    say(`  writing a log of ${events} events`);
    await fillLog(database.url, events);
    const peaks: Record<string, number> = {};
    const contender = (name: string, kind: ReplayQuestion['kind']): Contender => {
      const worker = open.keep(
        startWorker<ReplayQuestion, ReplayAnswer>(new URL('./replay-worker.ts', import.meta.url)),
      );
      return {
        name,
        processes: { node: meterOf(worker.pid), postgres: server.cpu },
        async run() {
          const { peakMebibytes, ...done } = await worker.ask({ kind, url: database.url });
          peaks[kind] = peakMebibytes;
          if (done.operations !== events) throw new Error(`${name}: ${done.operations} of ${events} events`);
          return done;
        },
      };
    };
    const contenders = [
      contender(NAMES.copy, 'copy'),
      contender(NAMES.fold, 'fold'),
      contender(NAMES.rebuild, 'rebuild'),
    ];
    const results = await runContest(contenders, pace, say, () => analyze(database.url));
    const ratio = (name: string): number => ratioByRound(rates(results, name), rates(results, NAMES.copy));
    const wal = await walOfAppends(database.url);
    return {
      name: 'replay',
      title: 'Reading the whole log again',
      about: [
        `${events} events. The COPY gives all columns in order to a Node process, whose driver throws them away. The fold reads pages of 1 000 through the store, parses them, and moves a checkpoint a page; the rebuild is that of the product, with the swap.`,
      ],
      results,
      bars: [
        bar('P5', 'replay folded in Node, to an ordered COPY', 'at least', 0.25, ratio(NAMES.fold)),
        bar('P5', 'rebuild of a read model, to an ordered COPY', 'at least', 1, ratio(NAMES.rebuild)),
        bar(
          'P5',
          'MiB of the folding process at most, whatever the length',
          'at most',
          300,
          peaks['fold'] ?? Number.NaN,
        ),
        bar('P5b', `WAL bytes an event, appended to a log of ${events}`, 'at most', 900, wal),
      ],
      facts: {},
    };
  } finally {
    await open.close();
  }
}
