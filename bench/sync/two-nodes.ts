import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { TemporaryDatabase } from '../../tools/schema/temporary-database.ts';
import { freePort } from '../harness/installed.ts';
import { builtFile, product } from '../harness/product.ts';
import type { BenchServer } from '../harness/server.ts';
import { layCable, type Cable } from './cable.ts';
import { createNodeProcess, type NodeProcess } from './node-process.ts';
import { NODE_ID, PARK_ID } from './visits.ts';

export type OneNode = {
  readonly database: TemporaryDatabase;
  /** With the rights of the tables' owner. */
  readonly client: Client;
  readonly process: NodeProcess;
};

/** A headquarters and a park that is enrolled there, each a process with a database of its own, and what lies between. */
export type TwoNodes = {
  readonly headquarters: OneNode;
  readonly park: OneNode;
  readonly cable: Cable;
  stop(): Promise<void>;
};

const META = { actor: 'system', correlationId: 'bench' } as const;
const PATIENCE_MS = 60_000;

type Settings = Readonly<Record<string, string>>;

async function prepare(server: BenchServer, name: string, folder: string, more: Settings) {
  const database = await server.newDatabase(`skypark_bench_${name}`);
  const { migrateDatabase } = await product.migrateDatabase();
  await migrateDatabase(database.url, { log: () => undefined });
  const own = join(folder, name);
  await mkdir(own);
  const port = await freePort();
  const settings = {
    DATABASE_URL: database.url,
    SKYPARK_DATA_DIR: own,
    PORT: String(port),
    LOG_LEVEL: 'warn',
    ...more,
  };
  const client = new Client({ connectionString: database.url });
  await client.connect();
  return { database, client, port, settings, folder: own };
}

/** Opens the park at headquarters and invites its node. */
async function invite(url: string, settings: Settings): Promise<string> {
  const [{ compose }, { loadConfig }, { createLogger }] = await Promise.all([
    product.compose(),
    product.config(),
    product.logging(),
  ]);
  const log = createLogger({ level: 'silent' });
  const app = await compose({ config: loadConfig(settings), log, databaseUrl: url, canSetRole: true });
  try {
    const name = { ru: 'Bench', ky: 'Bench', en: 'Bench' };
    const opened = await app.modules.park.openPark(
      {
        parkId: PARK_ID,
        names: name,
        addresses: name,
        capacity: 100_000,
        priceUnder3Tyiyn: 15_000n,
        priceOver3Tyiyn: 35_000n,
        priceAdultTyiyn: 0n,
        groupPercent: 10,
        openTime: '10:00',
        closeTime: '21:00',
        timeZone: 'Asia/Bishkek',
        latitudeE7: 428_212_000,
        longitudeE7: 745_973_000,
        amenities: [],
        images: [],
      },
      META,
    );
    if (!opened.ok) throw new Error(`the park was refused: ${opened.refusal.code}`);
    const invited = await app.modules.nodes.inviteNode({ nodeId: NODE_ID, parkId: PARK_ID, homeFrom: null }, META);
    if (!invited.ok) throw new Error(`the node was not invited: ${invited.refusal.code}`);
    return invited.value.code;
  } finally {
    await app.close();
  }
}

/** Waits until the park has read what headquarters wrote, and headquarters what the park wrote. */
async function waitUntilQuiet(park: Client, headquarters: Client): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  const numberIn = async (client: Client, query: string): Promise<number> =>
    Number((await client.query<{ n: string | null }>(query)).rows[0]?.n ?? -1);
  while (performance.now() < giveUpMs) {
    const read = await numberIn(park, 'select max(feed_position) as n from store.peer');
    const written = await numberIn(headquarters, 'select position as n from store.head');
    const unsent = await numberIn(
      park,
      'select seq - (select max(acknowledged) from store.author) as n from store.head',
    );
    if (read >= written && unsent <= 0) return;
    await sleep(100);
  }
  throw new Error('park and headquarters did not find each other');
}

export async function startTwoNodes(server: BenchServer): Promise<TwoNodes> {
  const folder = await mkdtemp('/var/tmp/skypark-bench-sync-');
  await chmod(folder, 0o755);
  const hq = await prepare(server, 'headquarters', folder, {});
  const code = await invite(hq.database.url, hq.settings);
  const headquarters = await createNodeProcess({ ...hq, name: 'api', environment: hq.settings });
  headquarters.start();
  await headquarters.ready();
  const cable = await layCable(hq.port);
  const own = await prepare(server, 'park', folder, {
    SKYPARK_ROLE: 'park',
    SKYPARK_NODE_ID: NODE_ID,
    SKYPARK_PARK_ID: PARK_ID,
    SKYPARK_HQ_URL: `http://127.0.0.1:${cable.port}`,
  });
  await promisify(execFile)(process.execPath, [builtFile('main/cli.js').pathname, 'enrol', `--code=${code}`], {
    env: { ...own.settings, PATH: process.env['PATH'] },
  });
  const park = await createNodeProcess({ ...own, name: 'park-node', environment: own.settings });
  park.start();
  await park.ready();
  await waitUntilQuiet(own.client, hq.client);
  await park.end('SIGTERM');
  return {
    headquarters: { ...hq, process: headquarters },
    park: { ...own, process: park },
    cable,
    async stop() {
      await Promise.all([park.end('SIGTERM'), headquarters.end('SIGTERM')]);
      await cable.stop();
      for (const { client, database } of [hq, own]) {
        await client.end();
        await database.drop();
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
