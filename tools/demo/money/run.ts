import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../../test/support/random.ts';
import { startEmbeddedPostgres } from '../../../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';
import { plannedFaults } from '../../../src/infrastructure/provider-sandbox/faults.ts';
import type { OrderTotals } from '../../../src/infrastructure/provider-sandbox/order-book.ts';
import { connectDatabase, type Database } from '../../../src/infrastructure/postgres/database.ts';
import { checkRules, renderFindings } from '../../../src/main/cli/check.ts';
import { DemoFailure, renderReasons, type Patience, type Reasons } from '../answered.ts';
import { demoLogins } from '../demo-logins.ts';
import { newVerifiedFamily } from '../new-family.ts';
import { Session } from '../session.ts';
import { ledgerSum, readPurchases } from './books.ts';
import { wantedOf } from './courses.ts';
import { purchase, type Buyer } from './guest-purchase.ts';
import { preparePrograms, type Program, type Programs } from './programs.ts';
import { openPark, openShift, type Staff } from './staff.ts';
import { verdictOn, type Verdict } from './verdict.ts';

export type MoneyRun = {
  readonly purchases: number;
  readonly concurrency: number;
  readonly kills: number;
  readonly seed: number;
  /** How many orders meet a fault at each moment, from 0 to 1. */
  readonly faultRate: number;
  /** A database of its own; null: one is started. */
  readonly databaseUrl: string | null;
};

const DAY_MS = 86_400_000;
/** How long the product or a provider may be gone. */
const PATIENCE_MS = 180_000;
/** How long everything may take to come to its end after the last purchase. */
const SETTLE_LIMIT_MS = 15 * 60_000;
/** What nothing tells us of is asked about at every start, and else every ten minutes. */
const RESTART_EVERY_MS = 5000;

type Scene = {
  readonly run: MoneyRun;
  readonly programs: Programs;
  readonly database: Database;
  readonly staff: Staff;
  readonly say: (line: string) => void;
};

/** Sells while everything goes wrong, then waits until every purchase has ended, and says how. @returns whether all is well */
export async function runMoney(run: MoneyRun, say: (line: string) => void): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skypark-money-'));
  // Others may pass through: the database server runs under an account of its own when we are root.
  await chmod(dataDir, 0o755);
  const server = run.databaseUrl === null ? await startServer(join(dataDir, 'postgres')) : null;
  const databaseUrl = server?.url ?? run.databaseUrl ?? '';
  const logFile = join(dataDir, 'programs.log');
  const faults = { seed: run.seed, rate: run.faultRate };
  const programs = await preparePrograms({ dataDir, databaseUrl, logFile, faults });
  const database = connectDatabase({ url: databaseUrl, applicationName: 'demo-money', poolSize: 2, onError: () => {} });
  let isSound = false;
  try {
    for (const program of Object.values(programs)) await program.start();
    const repeats: Reasons = new Map();
    const onRepeat = (why: string): void => void repeats.set(why, (repeats.get(why) ?? 0) + 1);
    const patience: Patience = { limitMs: PATIENCE_MS, onRepeat };
    const admin = new Session(programs.api.url, (await demoLogins(dataDir)).admin, patience);
    await admin.signIn();
    const parkId = await openPark(admin, run.purchases);
    const staff = await openShift(admin, parkId);
    const scene = { run, programs, database, staff, say };
    const kills = await sellAndKill(scene, patience, parkId);
    say(`Everything is sold; killed ${kills} times. Waiting until all money has come to its end.`);
    const verdict = await untilSettled(scene);
    await staff.closeShift();
    isSound = await tellAll(scene, verdict, { databaseUrl, repeats });
    return isSound;
  } finally {
    for (const program of Object.values(programs)) await program.kill();
    await database.close();
    await server?.stop();
    if (isSound) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    else say(`What the programs wrote is in ${logFile}.`);
  }
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const startServer = (dataDir: string) => startEmbeddedPostgres({ dataDir, log: quiet });

/** Lanes of buyers, and somebody who kills; answers how often. */
async function sellAndKill(scene: Scene, patience: Patience, parkId: string): Promise<number> {
  const { run, programs, staff, say } = scene;
  const progress = { begun: 0, done: 0 };
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    const { session } = await newVerifiedFamily(programs.api.url, patience);
    while (progress.begun < run.purchases && failures.length === 0) {
      const number = progress.begun++;
      const date = new Date(Date.now() + (1 + (number % 30)) * DAY_MS).toISOString().slice(0, 10);
      await sellOne({ session, patience, parkId, date }, staff, wantedOf(run.seed, number)).catch((error: unknown) =>
        failures.push(error),
      );
      progress.done += 1;
      if (progress.done % Math.ceil(run.purchases / 10) === 0) say(`${progress.done} of ${run.purchases} purchases`);
    }
  };
  const lanes = Promise.all(Array.from({ length: Math.min(run.concurrency, run.purchases) }, lane));
  const hands = { isAtWork: true };
  const payingOut = payOutMeanwhile(staff, hands);
  const kills = await killMeanwhile(scene, progress, () => failures.length === 0);
  await lanes;
  hands.isAtWork = false;
  await payingOut;
  if (failures.length > 0) throw failures[0];
  return kills;
}

async function sellOne(buyer: Buyer, staff: Staff, wanted: ReturnType<typeof wantedOf>): Promise<void> {
  if (wanted.course !== 'cash' && wanted.course !== 'cash_back') return purchase(buyer, wanted);
  const sale = await staff.sellForCash();
  if (wanted.course === 'cash_back') await staff.giveCashBack(sale);
}

async function payOutMeanwhile(staff: Staff, hands: { readonly isAtWork: boolean }): Promise<void> {
  while (hands.isAtWork) {
    await staff.payOutByHand();
    await sleep(1000);
  }
}

/** Kills somebody whenever a random share of the purchases is done, and starts them again a moment later. */
async function killMeanwhile(
  { run, programs, say }: Scene,
  progress: { readonly done: number },
  isWanted: () => boolean,
): Promise<number> {
  const random = createRandom(run.seed);
  const moments = Array.from({ length: run.kills }, () => random() * run.purchases * 0.95).sort((a, b) => a - b);
  const { api, worker, sandbox } = programs;
  const victims: readonly (readonly Program[])[] = [[api], [worker], [sandbox], [api, worker], [api, worker, sandbox]];
  let kills = 0;
  for (const moment of moments) {
    while (progress.done < moment && isWanted()) await sleep(20);
    if (!isWanted()) break;
    const some = victims[Math.floor(random() * victims.length)] ?? [];
    const awayMs = random() * 1500;
    await Promise.all(some.map((program) => program.kill()));
    kills += 1;
    say(`kill -9 of ${some.map(({ name }) => name).join(', ')} after ${progress.done} purchases`);
    await sleep(awayMs);
    await Promise.all(some.map((program) => program.start()));
  }
  return kills;
}

async function ordersOf({ sandbox }: Programs): Promise<readonly OrderTotals[]> {
  const answer = (await (await fetch(`${sandbox.url}/orders`)).json()) as { readonly orders: readonly OrderTotals[] };
  return answer.orders;
}

/** Waits until every purchase has ended, for a while; the faults go on. */
async function untilSettled(scene: Scene): Promise<Verdict> {
  const { run, programs, database, staff } = scene;
  const giveUpAt = Date.now() + SETTLE_LIMIT_MS;
  let startedAt = Date.now();
  for (;;) {
    await staff.payOutByHand();
    const orders = await ordersOf(programs);
    const purchases = await readPurchases(database, orders);
    const ledgerTyiyn = await ledgerSum(database);
    const verdict = verdictOn({ purchases, orders, ledgerTyiyn }, run.purchases);
    if (verdict.isGood || Date.now() > giveUpAt) return verdict;
    if (Date.now() - startedAt > RESTART_EVERY_MS) {
      await programs.worker.kill();
      await programs.worker.start();
      startedAt = Date.now();
    }
    await sleep(500);
  }
}

type Ground = { readonly databaseUrl: string; readonly repeats: Reasons };

async function tellAll({ run, programs, say }: Scene, verdict: Verdict, ground: Ground): Promise<boolean> {
  const orders = await ordersOf(programs);
  const plan = { seed: run.seed, rate: run.faultRate };
  const troubled = orders.filter(({ paymentId }) => plannedFaults(plan, paymentId).length > 0).length;
  const { text, holds } = renderFindings(await checkRules(ground.databaseUrl, { facts: null }), true);
  say(
    `${troubled} of ${orders.length} orders had faults before them. Calls repeated: ${renderReasons(ground.repeats)}.`,
  );
  say(['', ...verdict.lines, ''].join('\n'));
  say(holds ? 'All rules hold.' : text);
  if (!verdict.isGood) say('Money went astray, or something is still open.');
  return verdict.isGood && holds;
}

/** For a message of what went wrong. */
export const reasonOf = (error: unknown): string =>
  error instanceof DemoFailure ? error.message : String(error instanceof Error ? error.stack : error);
