import { runContest, medianOf, rates, type Contender, type Pace, type Results } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { openBenchPark, PARK_ID, signIn } from '../harness/bench-park.ts';
import { install, type Installed, type Program } from '../harness/installed.ts';
import { Closers, startLoad, type Load } from '../harness/load.ts';
import { bar, type Bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { capacityAccount } from '../../src/modules/booking/domain/capacity.ts';
import { datesAhead } from '../buy/visits.ts';

const BUYERS = 2_000;
const PLACES = 500;
const PROCESSES = 3;
const ACCOUNTS = 50;

const NAMES = { one: 'one API process', several: `${PROCESSES} API processes` } as const;

/** Upper ends of the classes of the histogram, in milliseconds. */
const CLASSES_MS = [50, 100, 200, 400, 800, 1600, 3200, 6400, Infinity];

/** How many waited so long: one number a class. */
function histogramOf(waitsMs: readonly number[]): Readonly<Record<string, number>> {
  const entries = CLASSES_MS.map((to, index) => {
    const from = CLASSES_MS[index - 1] ?? 0;
    const name = to === Infinity ? `longer than ${from} ms` : `${from} to ${to} ms`;
    return [name, waitsMs.filter((wait) => wait > from && wait <= to).length] as const;
  });
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

type Sale = {
  readonly date: string;
  /** How many sold. */
  readonly processes: number;
  readonly sold: number;
  /** Answers that are neither a ticket nor that the day is full. */
  readonly others: number;
  readonly waitsMs: readonly number[];
};

/** Everybody comes at the same moment, over a connection each. */
async function sell(load: Load, programs: readonly Program[], tokens: readonly string[], date: string) {
  const visit = { park_id: PARK_ID, visit_date: date, children: [{ name: 'Бек', age: 5 }] };
  const answer = await load.ask({
    ports: programs.map(({ port }) => port),
    method: 'POST',
    paths: ['/api/v1/tickets'],
    tokens: Array.from({ length: BUYERS }, (_, index) => tokens[index % tokens.length] ?? ''),
    bodies: [JSON.stringify(visit)],
    keyed: true,
    seconds: 120,
    most: BUYERS,
    wants: 'waits',
  });
  const { statuses, waitsMs, operations, seconds, p50Ms, p99Ms, mostMs } = answer;
  const { '201': sold = 0, '409': refused = 0 } = statuses;
  const sale = { date, processes: programs.length, sold, others: BUYERS - sold - refused, waitsMs };
  return { done: { operations, seconds, p50Ms, p99Ms, mostMs }, sale };
}

async function openSale(server: BenchServer, open: Closers) {
  const database = await server.newDatabase('skypark_bench_hot');
  open.add(() => database.drop());
  const installed = await install(database.url);
  open.add(() => installed.remove());
  await installed.inside((app) => openBenchPark(app, { capacity: PLACES }));
  const programs: Program[] = [];
  for (let count = 0; count < PROCESSES; count += 1) programs.push(open.keep(await installed.start('api')));
  const [first] = programs;
  if (first === undefined) throw new Error('no process was started');
  const tokens = (await signIn(first.port, ACCOUNTS)).map(({ token }) => token);
  return { url: database.url, installed, programs, first, tokens, load: open.keep(startLoad()) };
}

/** How many places of each sale the counters say are held or sold. */
async function takenOf({ inside }: Installed, sales: readonly Sale[]): Promise<readonly number[]> {
  const accounts = sales.flatMap(({ date }) =>
    (['held', 'sold'] as const).map((bucket) => capacityAccount(PARK_ID, date, bucket)),
  );
  const balances = await inside((app) => app.store.balances(accounts));
  return sales.map((_, index) => (balances[2 * index] ?? 0) + (balances[2 * index + 1] ?? 0));
}

function barsOf(results: Results, sales: readonly Sale[], taken: readonly number[]): readonly Bar[] {
  const sold = sales.map((sale) => sale.sold);
  const spread = medianOf(results, NAMES.several, ({ p50Ms, p99Ms }) => (p99Ms ?? Number.NaN) / (p50Ms ?? Number.NaN));
  const others = Math.max(...sales.map((sale) => sale.others));
  const ratio = ratioByRound(rates(results, NAMES.several), rates(results, NAMES.one));
  return [
    bar('hot', 'tickets of 500 places, fewest of any run', 'at least', PLACES, Math.min(...sold, ...taken)),
    bar('hot', 'tickets of 500 places, most of any run', 'at most', PLACES, Math.max(...sold, ...taken)),
    bar('hot', 'answers other than a ticket and that the day is full', 'at most', 0, others),
    bar('hot', 'p99 of the wait to p50', 'at most', 20, spread),
    bar('hot', `rate of ${PROCESSES} processes on one row, to one process`, 'at least', 0.8, ratio),
  ];
}

/** A hot sale: 2 000 buyers for 500 places at once, over several processes. */
export async function benchHot(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const open = new Closers();
  try {
    const { url, installed, programs, first, tokens, load } = await openSale(server, open);
    // Every run has a day of its own.
    const dates = [...datesAhead(2 * (pace.rounds + 1), Date.now())];
    const sales: Sale[] = [];
    const contender = (name: string, taking: readonly Program[]): Contender => ({
      name,
      processes: {
        node: () => taking.reduce((sum, { pid }) => sum + meterOf(pid)(), 0),
        postgres: server.cpu,
        load: meterOf(load.pid),
      },
      async run() {
        const { done, sale } = await sell(load, taking, tokens, dates.pop() ?? '');
        sales.push(sale);
        return done;
      },
    });
    const contenders = [contender(NAMES.one, [first]), contender(NAMES.several, programs)];
    const results = await runContest(contenders, pace, say, () => analyze(url));
    return {
      name: 'hot',
      title: 'A hot sale',
      about: [
        `${BUYERS} buyers with a connection and an Idempotency-Key each, ${ACCOUNTS} accounts, one place each, ${PLACES} places on one day, all at the same moment. Each run sells another day. What the counters of the days hold afterwards counts as well as what was answered. The waits below are those of the last run over ${PROCESSES} processes.`,
      ],
      results,
      bars: barsOf(results, sales, await takenOf(installed, sales)),
      facts: histogramOf(sales.findLast(({ processes }) => processes === PROCESSES)?.waitsMs ?? []),
    };
  } finally {
    await open.close();
  }
}
