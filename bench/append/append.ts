import { Client } from 'pg';
import {
  rates,
  runContest,
  medianOf,
  everyRound,
  type Contender,
  type Pace,
  type Results,
  type Run,
} from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { bar, type Bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { median, ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { AppendQuestion } from './append-worker.ts';
import { openBareSide } from './bare-side.ts';
import { prepareDatabase, walPosition } from './database.ts';

const NAMES = {
  bare32: 'bare insert, 32 clients',
  bare1: 'bare insert, 1 client',
  store32: 'store.append, 32 callers',
  store128: 'store.append, 128 callers',
  store1: 'store.append, 1 caller',
  hot: 'one hot stream, 32 callers',
} as const;

/** Wraps a contender so that it also notes the bytes of log its rounds wrote, an operation. */
function withWal(contender: Contender, client: Client, bytesPerOperation: number[]): Contender {
  return {
    ...contender,
    async run(seconds) {
      const before = await walPosition(client);
      const done = await contender.run(seconds);
      bytesPerOperation.push(((await walPosition(client)) - before) / done.operations);
      return done;
    },
  };
}

/** Bars P1, P3 and P4: storing one event a command, against a bare insert of one row on the same server. */
export async function benchAppend(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const database = await server.newDatabase('skypark_bench_append');
  const client = new Client({ connectionString: database.url });
  const worker = startWorker<AppendQuestion, Run>(new URL('./append-worker.ts', import.meta.url));
  try {
    await prepareDatabase(database.url);
    await client.connect();
    await worker.ask({ kind: 'open', url: database.url });
    const bare = await openBareSide(database.url, server.cpu);
    const processes = { node: meterOf(worker.pid), postgres: server.cpu };
    const ours = (name: string, kind: 'streams' | 'hot', callers: number): Contender => ({
      name,
      processes,
      run: (seconds) => worker.ask({ kind, callers, seconds }),
    });
    const walBytes: number[] = [];
    try {
      const contenders = [
        bare.contender(NAMES.bare32, 32),
        withWal(ours(NAMES.store32, 'streams', 32), client, walBytes),
        ours(NAMES.store128, 'streams', 128),
        ours(NAMES.hot, 'hot', 32),
        bare.contender(NAMES.bare1, 1),
        ours(NAMES.store1, 'streams', 1),
      ];
      const results = await runContest(contenders, pace, say, () => analyze(database.url));
      return {
        name: 'append',
        title: 'Storing one event a command',
        about: [
          `Bare side: ${bare.description}. Every append takes the log's lock, a gapless position and a link of the hash chain, and keeps one inline projection; the bare insert does none of it.`,
          `Callers are promises in one Node process over one connection; the bare side has a connection a client.`,
        ],
        results,
        bars: barsOf(results),
        facts: { 'WAL bytes an event (32 callers, full-page images included)': Math.round(median(walBytes.slice(1))) },
      };
    } finally {
      await bare.close();
    }
  } finally {
    await worker.stop();
    await client.end();
    await database.drop();
  }
}

function barsOf(results: Results): readonly Bar[] {
  const bare = rates(results, NAMES.bare32);
  const at32 = ratioByRound(rates(results, NAMES.store32), bare);
  const at128 = ratioByRound(rates(results, NAMES.store128), bare);
  const waitOf = (name: string) => everyRound(results, name, ({ p50Ms }) => p50Ms ?? Number.NaN);
  const lone = ratioByRound(waitOf(NAMES.store1), waitOf(NAMES.bare1));
  const hot = ratioByRound(rates(results, NAMES.hot), rates(results, NAMES.store32));
  const spread = medianOf(results, NAMES.hot, ({ p50Ms, p99Ms }) => (p99Ms ?? Number.NaN) / (p50Ms ?? Number.NaN));
  return [
    bar('P1', 'appends, 32 callers, to the bare insert', 'at least', 1.3, at32, 2),
    bar('P1', 'appends, 128 callers, to the bare insert of 32 clients', 'at least', 1.8, at128, 2.5),
    bar('P3', 'wait of a lone caller (p50), to one bare insert', 'at most', 1.5, lone),
    bar('P4', 'one hot stream, to appends of 32 callers', 'at least', 0.5, hot),
    bar('P4', 'one hot stream, p99 to p50', 'at most', 20, spread),
  ];
}
