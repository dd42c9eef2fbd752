/**
 * `npm run demo`: a family over real HTTP, from registration to the inside of a park, step by step. Uses the product that
 * answers at SKYPARK_URL (or at http://127.0.0.1:8080), else starts one and stops it at the end.
 *
 * `npm run demo -- --families 200 [--concurrency 8] [--journal FILE]`: many at a time. The product may be killed and
 * restarted meanwhile; what it acknowledged goes to the journal, which `npm run cli -- check --journal FILE` compares with
 * the log.
 *
 * `npm run demo -- --tour`: every capability in a line each, and a count at the end.
 */
import { parseArgs } from 'node:util';
import { DemoFailure, renderReasons, type Patience, type Reasons } from './demo/answered.ts';
import { visitPark, type FamilyWorld, type Visit } from './demo/family.ts';
import { gateLogin } from './demo/demo-logins.ts';
import { noJournal, openJournal } from './demo/journal.ts';
import { isReady, startOwnProduct, type OwnProduct } from './demo/own-product.ts';
import { Session } from './demo/session.ts';
import { takeTour } from './demo/tour/take-tour.ts';

const USAGE = 'npm run demo -- [--tour] [--families N [--concurrency 8] [--journal FILE]]';
const USUAL_URL = 'http://127.0.0.1:8080';
/** How long the product may be gone. */
const PATIENCE_MS = 180_000;
const MOST_SHOWN = 5;

type Options = {
  readonly families: number;
  readonly concurrency: number;
  readonly journal: string | null;
  readonly tour: boolean;
  readonly isHelp: boolean;
};

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new Error(`--${name} must be a whole number from 1, not "${text}"`);
  return number;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      families: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '8' },
      journal: { type: 'string' },
      tour: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    families: wholeNumber('families', values.families),
    concurrency: wholeNumber('concurrency', values.concurrency),
    journal: values.journal ?? null,
    tour: values.tour,
    isHelp: values.help,
  };
}

/** A product that was named is waited for; otherwise one is started when none answers. */
async function findProduct(): Promise<{ url: string; dataDir: string; own: OwnProduct | null }> {
  const named = process.env['SKYPARK_URL'];
  const dataDir = process.env['SKYPARK_DATA_DIR'] ?? '.skypark';
  if (named !== undefined) return { url: named.replace(/\/+$/, ''), dataDir, own: null };
  if (await isReady(USUAL_URL)) return { url: USUAL_URL, dataDir, own: null };
  console.log(`Nothing answers at ${USUAL_URL}: starting a product for this demo.`);
  const own = await startOwnProduct();
  return { url: own.url, dataDir: own.dataDir, own };
}

async function tour(baseUrl: string, dataDir: string, patience: Patience): Promise<void> {
  const startedAt = Date.now();
  const count = await takeTour({ baseUrl, dataDir, patience }, (line) => console.log(line));
  console.log(`\n${count} capabilities work, shown in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

async function oneFamily(world: FamilyWorld): Promise<void> {
  const { people, points } = await visitPark(world);
  console.log(`\nA family of ${people} is in the park and has ${points} points.`);
}

async function manyFamilies(world: FamilyWorld, { families, concurrency }: Options, repeats: Reasons): Promise<void> {
  const startedAt = Date.now();
  const visits: Visit[] = [];
  const failures: string[] = [];
  let begun = 0;
  const work = async (): Promise<void> => {
    while (begun < families) {
      begun += 1;
      try {
        visits.push(await visitPark(world));
      } catch (error) {
        failures.push(
          error instanceof DemoFailure ? error.message : String(error instanceof Error ? error.stack : error),
        );
      }
      const done = visits.length + failures.length;
      if (done % Math.ceil(families / 10) === 0 || done === families)
        console.log(`${done} of ${families} families are done`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, families) }, work));
  const people = visits.reduce((sum, visit) => sum + visit.people, 0);
  const paid = visits.reduce((sum, visit) => sum + Number(visit.paidSom), 0);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `\n${visits.length} of ${families} families (${people} people) are in after ${seconds} s; they paid ${paid.toFixed(2)} KGS. ` +
      `Calls that had to be repeated: ${renderReasons(repeats)}.`,
  );
  if (failures.length > 0)
    throw new DemoFailure([`${failures.length} failed:`, ...failures.slice(0, MOST_SHOWN)].join('\n'));
}

async function main(options: Options): Promise<void> {
  const { url, dataDir, own } = await findProduct();
  const journal = options.journal === null ? noJournal : await openJournal(options.journal);
  const repeats: Reasons = new Map();
  const onRepeat = (why: string): void => void repeats.set(why, (repeats.get(why) ?? 0) + 1);
  const patience: Patience = { limitMs: PATIENCE_MS, onRepeat };
  const tell =
    options.families > 1 ? () => undefined : (step: string, text: string) => console.log(`${step.padEnd(14)} ${text}`);
  try {
    console.log(`Sky Park at ${url}`);
    if (options.tour) return await tour(url, dataDir, patience);
    const gate = new Session(url, await gateLogin(dataDir), patience);
    await gate.signIn();
    const world = { baseUrl: url, gate, journal, patience, tell };
    if (options.families === 1) await oneFamily(world);
    else await manyFamilies(world, options, repeats);
  } finally {
    await journal.close();
    await own?.stop();
  }
}

function optionsOrEnd(): Options {
  try {
    const options = readOptions();
    if (!options.isHelp) return options;
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const options = optionsOrEnd();
try {
  await main(options);
  process.exit(0);
} catch (error) {
  console.error(error instanceof DemoFailure ? `\nThe demo failed. ${error.message}` : error);
  process.exit(1);
}
