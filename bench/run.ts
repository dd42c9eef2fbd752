import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { benchAppend } from './append/append.ts';
import { benchBooks } from './books/books.ts';
import { benchReceive } from './receive/receive.ts';
import { benchSync } from './sync/sync.ts';
import { benchStatement } from './statement/statement.ts';
import { benchBuy } from './buy/buy.ts';
import { profileBuy } from './buy/profile-buy.ts';
import type { Pace } from './harness/contest.ts';
import { barsTable, jsonOf, markdownOf, surroundings, surroundingsText, type Report } from './harness/report.ts';
import { openServer, type BenchServer } from './harness/server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

type Bench = (server: BenchServer, pace: Pace, say: (line: string) => void) => Promise<Report>;

const BENCHES: Readonly<Record<string, { readonly run: Bench; readonly pace: Pace; readonly onDemand?: true }>> = {
  append: { run: benchAppend, pace: { rounds: 5, seconds: 2, warmUpSeconds: 1 } },
  books: { run: benchBooks, pace: { rounds: 5, seconds: 3, warmUpSeconds: 2 } },
  buy: { run: benchBuy, pace: { rounds: 3, seconds: 3, warmUpSeconds: 2 } },
  receive: { run: benchReceive, pace: { rounds: 3, seconds: 0, warmUpSeconds: 0 } },
  statement: { run: benchStatement, pace: { rounds: 2, seconds: 0, warmUpSeconds: 0 }, onDemand: true },
  // A kill every ten seconds.
  sync: { run: benchSync, pace: { rounds: 1, seconds: 10, warmUpSeconds: 0 }, onDemand: true },
};

const USAGE = `npm run bench -- [${Object.keys(BENCHES).join('|')}]… [--rounds N] [--seconds S] [--events N] [--write]
npm run bench -- profile [--seconds S] [--keyless]

Without a name all of them run, but for statement and sync, which take minutes. Of sync --events says how many it drains
(60000) and --seconds how long nothing is killed (10). Results are kept in bench/results; --write keeps them as docs/benchmarks.md.
The database is that of BENCH_DATABASE_URL (of a user who may create databases), or an embedded one made for the run.`;

const say = (line: string): void => console.log(line);

async function keep(reports: readonly Report[], text: string, given: object, write: boolean): Promise<void> {
  const folder = join(root, 'bench', 'results');
  await mkdir(folder, { recursive: true });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  await writeFile(
    join(folder, `${stamp}.json`),
    `${JSON.stringify({ given, reports: reports.map(jsonOf) }, null, 2)}\n`,
  );
  await writeFile(join(folder, `${stamp}.md`), text);
  if (!write) return;
  const file = join(root, 'docs', 'benchmarks.md');
  await writeFile(file, text);
  await promisify(execFile)(process.execPath, [
    join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'),
    '--write',
    file,
  ]);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      write: { type: 'boolean' },
      events: { type: 'string' },
      keyless: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const usual = Object.entries(BENCHES).filter(([, { onDemand }]) => onDemand !== true);
  const names = positionals.length === 0 ? usual.map(([name]) => name) : positionals;
  const unknown = names.filter((name) => !(name in BENCHES) && name !== 'profile');
  if (values.help === true || unknown.length > 0) {
    say(USAGE);
    process.exitCode = unknown.length > 0 ? 1 : 0;
    return;
  }
  const server = await openServer(say);
  try {
    const changed = {
      ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
      ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
      ...(values.events === undefined ? {} : { events: Number(values.events) }),
    };
    if (names.includes('profile')) {
      say(await profileBuy(server, changed.seconds ?? 10, values.keyless !== true));
      return;
    }
    const reports: Report[] = [];
    const paces: string[] = [];
    for (const [name, { run, pace }] of Object.entries(BENCHES)) {
      if (!names.includes(name)) continue;
      const own = { ...pace, ...changed };
      paces.push(`${name} ${own.rounds} rounds of ${own.seconds} s`);
      say(`${name}:`);
      reports.push(await run(server, own, say));
    }
    const given = surroundings(server, paces.join(', '));
    const chapters = reports.map(markdownOf).join('\n\n');
    const all = barsTable(reports.flatMap(({ bars }) => bars));
    const text = `# Benchmarks\n\nWritten by \`npm run bench -- ${names.join(' ')}\`.\n\n${surroundingsText(given)}\n\n${chapters}\n\n## Bars\n\n${all}\n`;
    say(`\n${text}`);
    await keep(reports, text, given, values.write === true);
  } finally {
    await server.stop();
  }
}

// Ends at once; what was started beside us ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
await main();
