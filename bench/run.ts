import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { BENCHES, benchesOf } from './benches.ts';
import { profileBuy } from './buy/profile-buy.ts';
import { barsTable, jsonOf, markdownOf, surroundings, surroundingsText, type Report } from './harness/report.ts';
import { openServer } from './harness/server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const USAGE = `npm run bench -- [short|full|peers|${Object.keys(BENCHES).join('|')}|P1…P13]… [--rounds N] [--seconds S] [--events N] [--write]
npm run bench -- profile [--seconds S] [--keyless]

Without a name: \`short\`, a pass at reduced sizes within ten minutes. \`full\` runs all of them at their sizes, which takes most of
an hour; \`peers\` those against programs of others, which are installed from npm into a scratch folder (BENCH_PEERS_FOLDER).
A bar is a name of the bench that measures it. Of sync --events says how many it drains and --seconds how long nothing is killed.
Results are kept in bench/results; --write keeps them as docs/benchmarks.md.
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
  const words = positionals.length === 0 ? ['short'] : positionals;
  const unknown = words.filter((word) => benchesOf(word) === null && word !== 'profile');
  if (values.help === true || unknown.length > 0) {
    say(USAGE);
    process.exitCode = unknown.length > 0 ? 1 : 0;
    return;
  }
  const names = words.flatMap((word) => benchesOf(word) ?? []);
  const server = await openServer(say);
  try {
    const changed = {
      ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
      ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
      ...(values.events === undefined ? {} : { events: Number(values.events) }),
    };
    if (words.includes('profile')) {
      say(await profileBuy(server, changed.seconds ?? 10, values.keyless !== true));
      return;
    }
    const reports: Report[] = [];
    const paces: string[] = [];
    for (const [name, { run, full, short }] of Object.entries(BENCHES)) {
      if (!names.includes(name)) continue;
      const own = { ...(words.includes('short') ? (short ?? full) : full), ...changed };
      paces.push(`${name} ${own.rounds} rounds of ${own.seconds} s`);
      say(`${name}:`);
      reports.push(await run(server, own, say));
    }
    const given = surroundings(server, paces.join(', '));
    const chapters = reports.map(markdownOf).join('\n\n');
    const all = barsTable(reports.flatMap(({ bars }) => bars));
    const text = `# Benchmarks\n\nWritten by \`npm run bench -- ${words.join(' ')}\`.\n\n${surroundingsText(given)}\n\n${chapters}\n\n## Bars\n\n${all}\n`;
    say(`\n${text}`);
    await keep(reports, text, given, values.write === true);
  } finally {
    await server.stop();
  }
}

// Ends at once; what was started beside us ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
await main();
