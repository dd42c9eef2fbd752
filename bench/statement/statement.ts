import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { rates, runContest, type Contender, type Pace, type Results } from '../harness/contest.ts';
import { meterOf } from '../harness/cpu.ts';
import { product } from '../harness/product.ts';
import { bar, type Report } from '../harness/report.ts';
import { analyze, type BenchServer } from '../harness/server.ts';
import { ratioByRound } from '../harness/statistics.ts';
import { startWorker, type Worker } from '../harness/worker.ts';
import type { ImportAnswer, ImportQuestion } from './import-worker.ts';
import { LINES, writeRows, writeStatement } from './statement-file.ts';

const NAMES = { copy: 'plain COPY of the rows', import: 'import of the statement' } as const;

/** What we booked of the month that the statement tells of. */
const BOOKED = `
  set search_path = ledger;
  insert into ledger.entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type, payment_id, reference)
  select n, side.line, side.account, side.amount, date '2026-12-01' + n % 28, date '2026-12-01' + n % 28, 'park-' || n % 20,
    'PaymentSucceeded', gen_random_uuid(), case when side.line = 1 then 'FNK-' || n end
  from generate_series(1, ${LINES}) n cross join (values (1, 'clearing:elqr', 35000), (2, 'received', -35000)) side(line, account, amount);
  reset search_path;
  create table public.copied (like ledger.statement_lines including all);`;
const EMPTY = `truncate public.copied, ledger.statements, ledger.statement_lines, ledger.statement_faults, ledger.statement_sums,
  ledger.differences`;

type Sides = {
  readonly client: Client;
  readonly worker: Worker<ImportQuestion, ImportAnswer>;
  readonly server: BenchServer;
  /** Paths of the statement and of the rows that come of it. */
  readonly statement: string;
  readonly rows: string;
};

/** Both sides begin with empty tables; `peak` is the most memory that an import has had by then. */
function contendersOf({ client, worker, server, statement, rows }: Sides) {
  let peak = 0;
  const COPY = `copy public.copied (statement_id, number, reference, amount_tyiyn, fee_tyiyn, day, kind, told_at) from '${rows}'`;
  const contenders: readonly Contender[] = [
    {
      name: NAMES.copy,
      processes: { postgres: server.cpu },
      async run() {
        await client.query(EMPTY);
        const startedMs = performance.now();
        await client.query(COPY);
        return { operations: LINES, seconds: (performance.now() - startedMs) / 1000 };
      },
    },
    {
      name: NAMES.import,
      processes: { node: meterOf(worker.pid), postgres: server.cpu },
      async run() {
        await client.query(EMPTY);
        const done = await worker.ask({ kind: 'import', path: statement, lines: LINES });
        peak = Math.max(peak, done.peakMebibytes);
        return done;
      },
    },
  ];
  return { contenders, peak: () => peak };
}

function reportOf(results: Results, idle: number, peak: number): Report {
  const ratio = ratioByRound(rates(results, NAMES.import), rates(results, NAMES.copy));
  return {
    name: 'statement',
    title: 'Importing a statement of a million lines',
    about: [
      'Rates are of lines. An import is everything from the first byte to the answer: written to the disk, hashed, its encoding and columns found, parsed, stored with its indexes, compared with a million booked payments, and the differences kept. The plain COPY stores the same rows with the same indexes from a file of the server.',
    ],
    results,
    bars: [
      bar('S1', 'lines imported and compared, to a plain COPY', 'at least', 0.05, ratio),
      bar('S2', 'MiB of memory that the import adds to the process', 'at most', 150, Math.round(peak - idle)),
    ],
    facts: {
      'Most memory of the importing process, MiB': Math.round(peak),
      'of which it had before, MiB': Math.round(idle),
    },
  };
}

/** A statement of a million lines: how fast it is imported, against the rows alone, and how much memory that takes. */
export async function benchStatement(server: BenchServer, pace: Pace, say: (line: string) => void): Promise<Report> {
  const folder = await mkdtemp('/var/tmp/skypark-bench-statement-');
  await chmod(folder, 0o755);
  const database = await server.newDatabase('skypark_bench_statement');
  const client = new Client({ connectionString: database.url });
  const worker = startWorker<ImportQuestion, ImportAnswer>(new URL('./import-worker.ts', import.meta.url));
  try {
    const { migrateDatabase } = await product.migrateDatabase();
    await migrateDatabase(database.url, { log: () => undefined });
    await client.connect();
    say(`  ${LINES} payments and a statement of them are made`);
    await client.query(BOOKED);
    const [statement, rows] = [join(folder, 'statement.csv'), join(folder, 'rows.txt')];
    await writeStatement(statement);
    await writeRows(rows);
    await analyze(database.url);
    const { peakMebibytes: idle } = await worker.ask({ kind: 'open', url: database.url });
    const { contenders, peak } = contendersOf({ client, worker, server, statement, rows });
    const results = await runContest(contenders, pace, say, async () => undefined);
    return reportOf(results, idle, peak());
  } finally {
    await worker.stop();
    await client.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}
