import { Client } from 'pg';
import { medianOf, rates, runContest, type Contender, type Pace, type Results, type Run } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { product } from '../harness/product.ts';
import { bar, type Bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker } from '../harness/worker.ts';
import type { BooksQuestion, Side } from './books-worker.ts';

const CALLERS = [32, 1] as const;
const nameOf = (side: Side, callers: number): string =>
  `a paid visit, ${side} the books, ${callers === 1 ? '1 caller' : `${callers} callers`}`;

/** The product's schema with all its read models, or with all but the books. */
async function prepare(url: string, side: Side): Promise<void> {
  const { migrateDatabase } = await product.migrateDatabase();
  await migrateDatabase(url, { log: () => undefined });
  if (side === 'with') return;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`delete from store.projection where name = 'ledger.entries'`);
  } finally {
    await client.end();
  }
}

/** What keeping the books inside the append adds to the appends of a visit: the same appends with and without them. */
export async function benchBooks(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const sides: readonly Side[] = ['with', 'without'];
  const worker = startWorker<BooksQuestion, Run>(new URL('./books-worker.ts', import.meta.url));
  const databases: Awaited<ReturnType<BenchServer['newDatabase']>>[] = [];
  try {
    for (const side of sides) {
      const database = await server.newDatabase(`skypark_bench_books_${side}`);
      databases.push(database);
      await prepare(database.url, side);
      await worker.ask({ kind: 'open', side, url: database.url });
    }
    const processes = { node: meterOf(worker.pid), postgres: server.cpu };
    const contenders: readonly Contender[] = CALLERS.flatMap((callers) =>
      sides.map((side) => ({
        name: nameOf(side, callers),
        processes,
        run: (seconds: number) => worker.ask({ kind: 'run', side, callers, seconds }),
      })),
    );
    const results = await runContest(contenders, pace, say, async () => {
      for (const { url } of databases) await analyze(url);
    });
    return {
      name: 'books',
      title: 'Keeping the books inside the append',
      about: [
        'A visit is five appends: the ticket, its payment, the money, the paid ticket, the people who came in. Three of them move money. All read models of the product are kept; the other side keeps all but the books.',
      ],
      results,
      bars: barsOf(results),
      facts: {},
    };
  } finally {
    await worker.stop();
    for (const database of databases) await database.drop();
  }
}

/** Processor time of an operation on both sides of the connection, which other programs disturb less than its rate. */
const cpuOf = (results: Results, name: string): number =>
  medianOf(results, name, ({ cpuUs }) => (cpuUs['node'] ?? Number.NaN) + (cpuUs['postgres'] ?? Number.NaN));

const barsOf = (results: Results): readonly Bar[] =>
  CALLERS.flatMap((callers) => {
    const [kept, bare] = [nameOf('with', callers), nameOf('without', callers)];
    const who = callers === 1 ? '1 caller' : `${callers} callers`;
    const rate = ratioByRound(rates(results, kept), rates(results, bare));
    return [
      bar('B1', `visits with the books, to visits without, ${who}`, 'at least', 0.9, rate),
      bar('B2', `processor time of such a visit, ${who}`, 'at most', 1.1, cpuOf(results, kept) / cpuOf(results, bare)),
    ];
  });
