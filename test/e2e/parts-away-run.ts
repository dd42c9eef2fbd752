import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { readJournal } from '../../src/main/cli/journal-facts.ts';
import { openJournal } from '../../tools/demo/journal.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { withClient } from '../support/database-admin.ts';
import { ownPostgres, ownRabbitmq, ownRedis, type OwnServer } from '../support/own-server.ts';
import { ownSwift, type OwnSwift } from '../support/own-swift.ts';
import {
  hasEnded,
  localSettings,
  outputOf,
  runProgram,
  startProgram,
  temporaryDataDir,
  type Program,
  type Settings,
} from '../support/product.ts';
import { keepAdmitting } from './parts-away-gate.ts';
import { keepPicturing } from './parts-away-pictures.ts';
import { keepGoing, Watch, type Tally } from './parts-away-watch.ts';

/** What was asked while a part was away and just after it came back. */
export type Outage = {
  readonly part: string;
  readonly how: 'stopped' | 'killed' | 'restarted';
  readonly awayMs: number;
  readonly tallies: readonly Tally[];
};

/** Operations that were acknowledged with a 2xx; each was looked for afterwards. */
export type Acknowledged = {
  /** Lines of the journals, each found in the log. */
  readonly facts: number;
  /** Scans at the gate, each asked for three times; families scan twice more each. */
  readonly scans: number;
  readonly pictures: number;
};

const STOPPED_MS = 20_000;
const KILLED_MS = 3000;
/** The product is watched so long after each outage: longer than a breaker stays open. */
const CALM_MS = 15_000;
const ASK_EVERY_MS = 100;
const FAMILIES_A_ROUND = 30;

/** Asks what anybody may ask. */
function keepAsking(url: string, watch: Watch) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({
    park_id: 'ala-archa',
    visit_date: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10),
    children: [{ name: 'Алина', age: 6 }],
  });
  return keepGoing(ASK_EVERY_MS, async () => {
    await watch.ask('price', async (signal) => {
      const response = await fetch(`${url}/api/v1/tickets/quote`, { method: 'POST', headers, body, signal });
      const said: unknown = await response.json();
      return { response, ...(response.ok ? {} : { error: said }) };
    });
  });
}

/** Families in rounds; each round keeps a journal of what it was told. */
function keepVisiting(url: string, dataDir: string) {
  const journals: string[] = [];
  const repeats: string[] = [];
  const going = keepGoing(0, async () => {
    const journal = join(dataDir, `journal-${journals.length}`);
    const args = ['--families', String(FAMILIES_A_ROUND), '--concurrency', '3', '--journal', journal];
    const settings = { SKYPARK_URL: url, SKYPARK_DATA_DIR: dataDir };
    const { code, text } = await outputOf(runProgram('tools/demo.ts', args, settings));
    expect({ code, text }, text).toMatchObject({
      code: 0,
      text: expect.stringContaining(`${FAMILIES_A_ROUND} of ${FAMILIES_A_ROUND}`),
    });
    journals.push(journal);
    repeats.push(/Calls that had to be repeated: (.*)\./.exec(text)?.[1] ?? '');
  });
  return { journals, repeats, end: () => going.end() };
}

type Disturbance = { readonly part: string; readonly how: Outage['how']; readonly server: OwnServer };

async function disturb(programs: readonly Program[], list: readonly Disturbance[], watch: Watch) {
  const outages: Outage[] = [];
  for (const { part, how, server } of list) {
    const fromMs = Date.now();
    await (how === 'killed' ? server.kill() : server.stop());
    await sleep(how === 'stopped' ? STOPPED_MS : how === 'killed' ? KILLED_MS : 0);
    await server.start();
    const backMs = Date.now();
    await sleep(CALM_MS);
    // Nothing starts them again, so they are those that were started.
    const over = programs.filter(({ child }) => hasEnded(child)).map(({ words }) => words());
    expect(over, `ended when ${part} was ${how}`).toEqual([]);
    outages.push({ part, how, awayMs: backMs - fromMs, tallies: watch.since(fromMs, backMs) });
  }
  return outages;
}

const COUNTS = `select count(*) filter (where event_type = 'PeopleAdmitted')::int as admitted,
       count(*) filter (where event_type = 'ScanRefused')::int as refused,
       (select count(*)::int from store.parked_event) as parked
  from store.event`;

/** Every fact is in the log; nobody was let in, or turned away, who was not told; and nothing was given up. */
async function checkLog(databaseUrl: string, dataDir: string, journals: readonly string[], refused: number) {
  let facts = 0;
  let admitted = 0;
  for (const journal of journals) {
    const settings = { SKYPARK_DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
    const args = ['check', '--drained', '--journal', journal];
    const { text } = await outputOf(runProgram('src/main/cli.ts', args, settings));
    expect(text).toContain('All rules hold.');
    const told = await readJournal(journal);
    facts += told.length;
    admitted += told.filter(({ fact }) => fact === 'admitted').length;
  }
  const rows = await withClient(databaseUrl, async (client) => (await client.query(COUNTS)).rows as unknown[]);
  expect(rows).toEqual([{ admitted, refused, parked: 0 }]);
  return facts;
}

/** The whole product, a further process of the API and one that stands by as worker. */
async function startPrograms(shared: Settings): Promise<readonly [Program, Program, Program]> {
  const dataDir = shared['SKYPARK_DATA_DIR'] ?? '';
  const settings = await localSettings(dataDir, shared);
  return [
    await startProgram('start', settings),
    await startProgram('api', { ...settings, PORT: String(await freePort()) }),
    await startProgram('worker', { ...settings, SKYPARK_OPS_PORT: String(await freePort()) }),
  ];
}

type Servers = {
  readonly postgres: OwnServer;
  readonly redis: OwnServer;
  readonly rabbitmq: OwnServer;
  readonly swift: OwnSwift;
};

const DISTURBANCES = [
  ['Redis', 'redis', 'stopped'],
  ['Redis', 'redis', 'killed'],
  ['RabbitMQ', 'rabbitmq', 'stopped'],
  ['RabbitMQ', 'rabbitmq', 'killed'],
  ['file store', 'swift', 'stopped'],
  ['file store', 'swift', 'killed'],
  ['PostgreSQL', 'postgres', 'restarted'],
  ['PostgreSQL', 'postgres', 'killed'],
] as const;

async function loadAndDisturb(servers: Servers) {
  const dataDir = await temporaryDataDir();
  const { postgres, redis, rabbitmq, swift } = servers;
  const programs = await startPrograms({
    SKYPARK_DATA_DIR: dataDir,
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    RABBITMQ_URL: rabbitmq.url,
    S3_ENDPOINT: swift.access.endpoint,
    S3_BUCKET: swift.access.bucket,
    S3_ACCESS_KEY: swift.access.accessKey,
    S3_SECRET_KEY: swift.access.secretKey,
  });
  const [product, api] = programs;
  const watch = new Watch();
  const gateJournal = join(dataDir, 'journal-of-the-gate');
  const journal = await openJournal(gateJournal);
  const gate = await keepAdmitting({ deskUrl: product.url, gateUrl: api.url, dataDir, watch, journal });
  const pictures = await keepPicturing(api.url, watch);
  const asking = keepAsking(product.url, watch);
  const families = keepVisiting(product.url, dataDir);
  await sleep(CALM_MS);
  const list = DISTURBANCES.map(([part, name, how]) => ({ part, how, server: servers[name] }));
  const outages = await disturb(programs, list, watch);
  await families.end();
  const [{ scans, refused }, acknowledgedPictures] = await Promise.all([gate.end(), pictures.end()]);
  await asking.end();
  await journal.close();
  for (const { child } of programs.toReversed()) {
    const ended = outputOf(child);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  }
  const { journals, repeats } = families;
  // Each family that is in was turned away at its second scan.
  const allRefused = refused + journals.length * FAMILIES_A_ROUND;
  const facts = await checkLog(postgres.url, dataDir, [...journals, gateJournal], allRefused);
  const acknowledged: Acknowledged = { facts, scans, pictures: acknowledgedPictures };
  return { outages, repeats, acknowledged };
}

/**
 * Families go to parks, a desk sells, a gate scans, pictures are sent and shown, and a visitor asks for prices, while every part beside
 * the product is stopped, killed and started again, and the database is restarted. The product is never restarted.
 * @returns what was met, part by part
 */
export async function surviveOutages() {
  const [postgres, redis, rabbitmq, swift] = await Promise.all([ownPostgres(), ownRedis(), ownRabbitmq(), ownSwift()]);
  const all: readonly OwnServer[] = [postgres, redis, rabbitmq, swift];
  try {
    await Promise.all(all.map((server) => server.start()));
    return await loadAndDisturb({ postgres, redis, rabbitmq, swift });
  } finally {
    await Promise.all(all.map((server) => server.dispose()));
  }
}
