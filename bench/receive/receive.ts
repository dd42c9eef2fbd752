import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { prepareDatabase } from '../append/database.ts';
import { rates, runContest, type Contender, type Pace } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { product } from '../harness/product.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { ReceiveAnswer, ReceiveQuestion } from './receive-worker.ts';

const NAMES = { copy: 'plain COPY of the rows', receive: 'store.receive in segments' } as const;

/** A short run; a million took as long a row. */
const EVENTS = 20_000;

const EMPTY = `
  truncate public.copied, bench.streams, store.segment, store.peer;
  delete from store.author where node_id <> 'hq';
  alter table store.event disable trigger user;
  truncate store.event, store.parked_event;
  alter table store.event enable trigger user;
  update store.head set position = 0;`;

/** Names the node, as its first start does. */
async function openLog(url: string): Promise<void> {
  const { connectDatabase } = await product.database();
  const { openPostgresEventStore } = await product.eventStore();
  const { systemClock: clock } = await product.clock();
  const database = connectDatabase({ url, poolSize: 1, applicationName: 'skypark-bench', onError: console.error });
  const store = await openPostgresEventStore({ writer: database, reader: database, nodeId: 'hq', clock, sleep });
  await store.close();
  await database.close();
}

/** Draining the log of a park that was away: checked, stored and projected in segments, against its rows alone. */
export async function benchReceive(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const folder = await mkdtemp('/var/tmp/skypark-bench-receive-');
  await chmod(folder, 0o777);
  const database = await server.newDatabase('skypark_bench_receive');
  const client = new Client({ connectionString: database.url });
  const worker = startWorker<ReceiveQuestion, ReceiveAnswer>(new URL('./receive-worker.ts', import.meta.url));
  const ask = (kind: ReceiveQuestion['kind']) => worker.ask({ kind, url: database.url, events: EVENTS });
  try {
    await prepareDatabase(database.url);
    await openLog(database.url);
    await client.connect();
    await client.query('create table public.copied (like store.event including all)');
    const { peakMebibytes: idle } = await ask('open');
    const rows = join(folder, 'rows.txt');
    await ask('receive');
    await client.query(`copy store.event to '${rows}'`);
    let peak = idle;
    const contenders: readonly Contender[] = [
      {
        name: NAMES.copy,
        processes: { postgres: server.cpu },
        async run() {
          await client.query(EMPTY);
          const startedMs = performance.now();
          await client.query(`copy public.copied from '${rows}'`);
          return { operations: EVENTS, seconds: (performance.now() - startedMs) / 1000 };
        },
      },
      {
        name: NAMES.receive,
        processes: { node: meterOf(worker.pid), postgres: server.cpu },
        async run() {
          await client.query(EMPTY);
          const done = await ask('receive');
          peak = Math.max(peak, done.peakMebibytes);
          return done;
        },
      },
    ];
    const results = await runContest(contenders, pace, say, () => analyze(database.url));
    const ratio = ratioByRound(rates(results, NAMES.receive), rates(results, NAMES.copy));
    return {
      name: 'receive',
      title: 'Receiving the log of a park',
      about: [
        `Rates are of events; ${EVENTS} of them in segments of 500, a transaction each, four of them under way. Receiving computes every payload hash from what came, checks every link of the chain, looks for what is stored already, keeps the segment, its author's head and the peer's checkpoint, and one inline projection. The plain COPY stores the same rows with the same indexes from a file of the server, in one transaction.`,
      ],
      results,
      bars: [
        bar('R1', 'events received, to a plain COPY', 'at least', 0.33, ratio),
        bar('R2', 'MiB of memory that receiving adds to the process', 'at most', 64, Math.round(peak - idle)),
      ],
      facts: {},
    };
  } finally {
    await worker.stop();
    await client.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}
