/**
 * `npm run lighthouse -- [address…]`: measures pages of a product that runs, by default the first page and a park of the one on
 * port 8080. Lighthouse comes as a package into a temporary folder; it is no dependency. Ends with 1 when a page is below the bar.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath } from '../test/support/chromium.ts';

const VERSION = '12.8.2';
const PAGES = ['http://localhost:8080/', 'http://localhost:8080/parks/dordoi'];

/** Of 100, for each of them. */
const LEAST = 95;
const SCORES = ['performance', 'accessibility', 'best-practices'] as const;
const FIGURES = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
];

type Report = {
  readonly categories: Readonly<Record<(typeof SCORES)[number], { readonly score: number | null }>>;
  readonly audits: Readonly<Record<string, { readonly displayValue?: string; readonly score: number | null }>>;
};

function run(command: string, words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...more } });
    child.once('error', reject).once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${words[0]} ended with ${code}`));
    });
  });
}

async function measure(folder: string, chromium: string, page: string): Promise<Report> {
  const file = join(folder, 'report.json');
  const program = join(folder, 'node_modules', 'lighthouse', 'cli', 'index.js');
  const flags = ['--quiet', '--output=json', `--output-path=${file}`, `--only-categories=${SCORES.join(',')}`];
  await run(process.execPath, [program, page, ...flags, '--chrome-flags=--headless=new --no-sandbox'], {
    CHROME_PATH: chromium,
  });
  return JSON.parse(await readFile(file, 'utf8')) as Report;
}

const outOf100 = (score: number | null): number => Math.round((score ?? 0) * 100);

const asked = process.argv.slice(2);
const chromium = chromiumPath();
if (chromium === null) throw new Error('no Chromium here: TEST_CHROMIUM names one');
const folder = await mkdtemp(join(tmpdir(), 'skypark-lighthouse-'));
try {
  await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `lighthouse@${VERSION}`]);
  console.log(`| page | ${SCORES.join(' | ')} | ${FIGURES.join(' | ')} |`);
  console.log(`| --- |${' --- |'.repeat(SCORES.length + FIGURES.length)}`);
  for (const page of asked.length === 0 ? PAGES : asked) {
    const { categories, audits } = await measure(folder, chromium, page);
    const scores = SCORES.map((name) => outOf100(categories[name].score));
    const figures = FIGURES.map((name) => audits[name]?.displayValue ?? '–');
    console.log(`| ${page} | ${[...scores, ...figures].join(' | ')} |`);
    for (const [name, { score }] of Object.entries(audits)) {
      if (score !== null && score < 1 && !FIGURES.includes(name)) console.log(`  - ${name}: ${outOf100(score)}`);
    }
    if (scores.some((score) => score < LEAST)) process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
