import { medianOf, rates, runContest, type Contender, type Pace } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { Closers } from '../harness/load.ts';
import { installPeer, PEERS } from '../harness/peer-package.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { Run } from '../harness/contest.ts';
import type { AppendQuestion } from '../append/append-worker.ts';
import { prepareDatabase } from '../append/database.ts';
import type { EmmettQuestion } from './emmett-worker.ts';

const NAMES = {
  theirs: 'Emmett, append, 32 callers',
  ours: 'store.append, 32 callers',
  theirLoad: 'Emmett, 20 events, 8 readers',
  ourLoad: 'store.load, 20 events, 8 readers',
} as const;

const STREAMS = 500;

/** Bar P2: storing and loading, against Emmett on the same server. */
export async function benchEmmett(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  try {
    const folder = await installPeer('emmett', say);
    const ours = await server.newDatabase('skypark_bench_ours');
    open.add(() => ours.drop());
    const theirs = await server.newDatabase('skypark_bench_emmett');
    open.add(() => theirs.drop());
    await prepareDatabase(ours.url);
    const store = open.keep(startWorker<AppendQuestion, Run>(new URL('../append/append-worker.ts', import.meta.url)));
    const emmett = open.keep(startWorker<EmmettQuestion, Run>(new URL('./emmett-worker.ts', import.meta.url)));
    await store.ask({ kind: 'open', url: ours.url, streams: STREAMS });
    await emmett.ask({ kind: 'open', url: theirs.url, folder, streams: STREAMS });
    const our = { node: meterOf(store.pid), postgres: server.cpu };
    const their = { node: meterOf(emmett.pid), postgres: server.cpu };
    const contenders: readonly Contender[] = [
      { name: NAMES.theirs, processes: their, run: (seconds) => emmett.ask({ kind: 'append', callers: 32, seconds }) },
      { name: NAMES.ours, processes: our, run: (seconds) => store.ask({ kind: 'streams', callers: 32, seconds }) },
      { name: NAMES.theirLoad, processes: their, run: (seconds) => emmett.ask({ kind: 'load', callers: 8, seconds }) },
      { name: NAMES.ourLoad, processes: our, run: (seconds) => store.ask({ kind: 'load', callers: 8, seconds }) },
    ];
    const results = await runContest(contenders, pace, say, async () => {
      await analyze(ours.url);
      await analyze(theirs.url);
    });
    const cpu = (name: string): number =>
      medianOf(results, name, ({ cpuUs }) => (cpuUs['node'] ?? Number.NaN) + (cpuUs['postgres'] ?? Number.NaN));
    const appends = ratioByRound(rates(results, NAMES.ours), rates(results, NAMES.theirs));
    const loads = ratioByRound(rates(results, NAMES.ourLoad), rates(results, NAMES.theirLoad));
    return {
      name: 'emmett',
      title: 'Beside Emmett',
      about: [
        `Emmett ${PEERS.emmett['@event-driven-io/emmett-postgresql']} with its own pool, in a database of the same server. One event an append to a new stream; a stream of 20 events is loaded and folded.`,
      ],
      results,
      bars: [
        bar('P2', 'appends, 32 callers, to Emmett', 'at least', 7, appends, 10),
        bar('P2', 'loads of a stream of 20 events, 8 readers, to Emmett', 'at least', 4, loads),
        bar('P5b', 'processor time of an append, to Emmett', 'at most', 0.125, cpu(NAMES.ours) / cpu(NAMES.theirs)),
      ],
      facts: {},
    };
  } finally {
    await open.close();
  }
}
