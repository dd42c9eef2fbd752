import {
  everyRound,
  medianOf,
  rates,
  runContest,
  type Contender,
  type Pace,
  type Results,
} from '../harness/contest.ts';
import { meterOf, type CpuMeter } from '../harness/cpu.ts';
import { bar, type Bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker, type Worker } from '../harness/worker.ts';
import type { EchoQuestion, Listening } from './echo-server.ts';
import type { LoadAnswer, LoadQuestion } from './http-load.ts';
import { prepareNaive } from './naive-database.ts';
import type { NaiveQuestion } from './naive-server.ts';
import { PARK_ID, PLACES, startProductApi } from './product-api.ts';
import { datesAhead, visitBody } from './visits.ts';

const CLIENTS = 32;
const DAYS = 30;
/** Days that are hot, one in each run of a contender: what a park may hold is sold in less than a whole bench. */
const HOT_DAYS = 60;

const NAMES = {
  echo: 'bare validated echo',
  ours: 'POST /tickets, hot day',
  keyed: 'POST /tickets, hot day, with a key',
  spread: `POST /tickets, ${DAYS} days, with a key`,
  naive: 'naive, hot day',
  naiveSpread: `naive, ${DAYS} days`,
} as const;

type Load = Worker<LoadQuestion, LoadAnswer>;

/** Ends what was opened, the newest first, also when one of them fails. */
class Closers {
  readonly #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
  }
}

type Target = { readonly port: number; readonly processes: Readonly<Record<string, CpuMeter>> };
type Traffic = Pick<LoadQuestion, 'keyed' | 'tokens'> & { bodies(this: void): readonly string[] };

const contender = (
  name: string,
  load: Load,
  { port, processes }: Target,
  { bodies, ...traffic }: Traffic,
): Contender => ({
  name,
  processes,
  async run(seconds) {
    const { statuses, ...done } = await load.ask({
      port,
      path: '/api/v1/tickets',
      seconds,
      bodies: bodies(),
      ...traffic,
    });
    // A refusal is cheaper than a sale: a run with one measures nothing.
    if (statuses['201'] !== done.operations) throw new Error(`${name} answered ${JSON.stringify(statuses)}`);
    return done;
  },
});

/** Bars P6 and P7: a sale over HTTP, against a route that only validates and one that locks a row in a transaction. */
export async function benchBuy(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  try {
    const { contenders, urls } = await openContenders(server, open);
    const results = await runContest(contenders, pace, say, async () => {
      for (const url of urls) await analyze(url);
    });
    return {
      name: 'buy',
      title: 'Buying a ticket over HTTP',
      about: [
        `${CLIENTS} clients with a connection, an account and a token each, in a process of their own; one API process as it is installed, logging at info to a file. A party of three: two children and a grown-up.`,
        `The echo parses, validates by the same closed schema and serialises. The naive route validates so too, looks its caller up in a map, and sells in one transaction of six statements that locks the row of the day, over the driver's ten connections.`,
      ],
      results,
      bars: barsOf(results),
      facts: {},
    };
  } finally {
    await open.close();
  }
}

type Opened = { readonly contenders: readonly Contender[]; readonly urls: readonly string[] };

async function openContenders(server: BenchServer, open: Closers): Promise<Opened> {
  const dates = datesAhead(DAYS + HOT_DAYS, Date.now());
  const spreadBodies = dates.slice(HOT_DAYS).map(visitBody);
  const spread = () => spreadBodies;
  const hotBodies = dates.slice(0, HOT_DAYS).map(visitBody);
  let hotRuns = 0;
  const hot = () => {
    hotRuns += 1;
    return hotBodies.slice(hotRuns % HOT_DAYS).slice(0, 1);
  };
  const postgres = server.cpu;

  const database = await server.newDatabase('skypark_bench_buy');
  open.add(() => database.drop());
  const api = await startProductApi(database.url);
  open.add(() => api.stop());
  const guests = await api.signIn(CLIENTS);
  const tokens = guests.map(({ token }) => token);

  const naiveDatabase = await server.newDatabase('skypark_bench_naive');
  open.add(() => naiveDatabase.drop());
  await prepareNaive(naiveDatabase.url, PARK_ID, dates, PLACES);
  const naive = startWorker<NaiveQuestion, Listening>(new URL('./naive-server.ts', import.meta.url));
  open.add(() => naive.stop());
  const userIds = Object.fromEntries(guests.map(({ token, userId }) => [token, userId]));
  const { port: naivePort } = await naive.ask({ url: naiveDatabase.url, userIds });

  const echo = startWorker<EchoQuestion, Listening>(new URL('./echo-server.ts', import.meta.url));
  open.add(() => echo.stop());
  const { port: echoPort } = await echo.ask(null);

  const load: Load = startWorker(new URL('./http-load.ts', import.meta.url));
  open.add(() => load.stop());

  const shared = { postgres, load: meterOf(load.pid) };
  const toApi: Target = { port: api.port, processes: { node: meterOf(api.pid), ...shared } };
  const toNaive: Target = { port: naivePort, processes: { node: meterOf(naive.pid), ...shared } };
  const toEcho: Target = { port: echoPort, processes: { node: meterOf(echo.pid), load: shared.load } };
  const contenders = [
    contender(NAMES.echo, load, toEcho, { tokens, bodies: hot, keyed: false }),
    contender(NAMES.keyed, load, toApi, { tokens, bodies: hot, keyed: true }),
    contender(NAMES.naive, load, toNaive, { tokens, bodies: hot, keyed: false }),
    contender(NAMES.ours, load, toApi, { tokens, bodies: hot, keyed: false }),
    contender(NAMES.spread, load, toApi, { tokens, bodies: spread, keyed: true }),
    contender(NAMES.naiveSpread, load, toNaive, { tokens, bodies: spread, keyed: false }),
  ];
  return { contenders, urls: [database.url, naiveDatabase.url] };
}

function barsOf(results: Results): readonly Bar[] {
  const ratio = (ours: string, theirs: string): number => ratioByRound(rates(results, ours), rates(results, theirs));
  const longWaits = (name: string) => everyRound(results, name, ({ p99Ms }) => p99Ms ?? Number.NaN);
  return [
    bar('P6', 'sales on one hot day, to the validated echo', 'at least', 0.35, ratio(NAMES.ours, NAMES.echo)),
    bar('P6', 'the same, each with an Idempotency-Key', 'at least', 0.35, ratio(NAMES.keyed, NAMES.echo)),
    bar('P7', 'sales on one hot day, to the naive route', 'at least', 5, ratio(NAMES.ours, NAMES.naive)),
    bar(
      'P7',
      `sales over ${DAYS} days with a key, to the naive route`,
      'at least',
      2,
      ratio(NAMES.spread, NAMES.naiveSpread),
    ),
    bar(
      'P7',
      'p99 on the hot day, to the naive route',
      'at most',
      0.25,
      ratioByRound(longWaits(NAMES.ours), longWaits(NAMES.naive)),
    ),
    bar(
      '–',
      'p99 on the hot day, ms',
      'at most',
      50,
      medianOf(results, NAMES.ours, ({ p99Ms }) => p99Ms ?? Number.NaN),
    ),
  ];
}
