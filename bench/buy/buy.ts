import {
  everyRound,
  medianOf,
  rates,
  runContest,
  type Contender,
  type Pace,
  type Results,
} from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { bar, type Bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { openBenchPark, PARK_ID, PLACES, signIn } from '../harness/bench-park.ts';
import { install } from '../harness/installed.ts';
import { Closers, httpContender, startLoad, type Target } from '../harness/load.ts';
import { startWorker } from '../harness/worker.ts';
import type { EchoQuestion, Listening } from './echo-server.ts';
import { prepareNaive } from './naive-database.ts';
import type { NaiveQuestion } from './naive-server.ts';
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
  const hotBodies = dates.slice(0, HOT_DAYS).map(visitBody);
  let hotRuns = 0;
  const hot = () => {
    hotRuns += 1;
    return hotBodies.slice(hotRuns % HOT_DAYS).slice(0, 1);
  };
  const postgres = server.cpu;

  const database = await server.newDatabase('skypark_bench_buy');
  open.add(() => database.drop());
  const installed = await install(database.url);
  open.add(() => installed.remove());
  await installed.inside(openBenchPark);
  const api = open.keep(await installed.start('api'));
  const guests = await signIn(api.port, CLIENTS);
  const tokens = guests.map(({ token }) => token);

  const naiveDatabase = await server.newDatabase('skypark_bench_naive');
  open.add(() => naiveDatabase.drop());
  await prepareNaive(naiveDatabase.url, PARK_ID, dates, PLACES);
  const naive = open.keep(startWorker<NaiveQuestion, Listening>(new URL('./naive-server.ts', import.meta.url)));
  const userIds = Object.fromEntries(guests.map(({ token, userId }) => [token, userId]));
  const { port: naivePort } = await naive.ask({ url: naiveDatabase.url, userIds });

  const echo = open.keep(startWorker<EchoQuestion, Listening>(new URL('./echo-server.ts', import.meta.url)));
  const { port: echoPort } = await echo.ask(null);

  const load = open.keep(startLoad());
  const shared = { postgres, load: meterOf(load.pid) };
  const toApi: Target = { ports: [api.port], processes: { node: meterOf(api.pid), ...shared } };
  const toNaive: Target = { ports: [naivePort], processes: { node: meterOf(naive.pid), ...shared } };
  const toEcho: Target = { ports: [echoPort], processes: { node: meterOf(echo.pid), load: shared.load } };
  const buying = (name: string, target: Target, keyed: boolean, bodies: () => readonly string[]) =>
    httpContender(name, load, target, {
      method: 'POST',
      tokens,
      keyed,
      due: 201,
      next: () => ({ paths: ['/api/v1/tickets'], bodies: bodies() }),
    });
  const contenders = [
    buying(NAMES.echo, toEcho, false, hot),
    buying(NAMES.keyed, toApi, true, hot),
    buying(NAMES.naive, toNaive, false, hot),
    buying(NAMES.ours, toApi, false, hot),
    buying(NAMES.spread, toApi, true, () => spreadBodies),
    buying(NAMES.naiveSpread, toNaive, false, () => spreadBodies),
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
