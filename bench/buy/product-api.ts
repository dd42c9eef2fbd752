import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { product, builtFile } from '../harness/product.ts';

export const PARK_ID = 'bench-park';
/** Places of a day: the most a park may have, and more than one round can sell. */
export const PLACES = 100_000;

/** One API process of the product as it is installed, on a database of its own, with a park of the largest size. */
export type ProductApi = {
  readonly pid: number;
  readonly port: number;
  /** Registers guests; answers their access tokens and ids. They live ten minutes. */
  signIn(count: number): Promise<readonly { readonly token: string; readonly userId: string }[]>;
  stop(): Promise<void>;
};

const START_LIMIT_MS = 30_000;

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address !== 'object') throw new Error('no free port');
  return address.port;
}

/** Migrates, and opens the park: there is no route for that which needs no staff. */
async function openPark(url: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const [{ migrateDatabase }, { compose }, { loadConfig }, { createLogger }] = await Promise.all([
    product.migrateDatabase(),
    product.compose(),
    product.config(),
    product.logging(),
  ]);
  const { canSetRole } = await migrateDatabase(url, { log: () => undefined });
  const app = await compose({
    config: loadConfig(environment),
    log: createLogger({ level: 'silent' }),
    databaseUrl: url,
    canSetRole,
  });
  try {
    const name = { ru: 'Bench', ky: 'Bench', en: 'Bench' };
    const opened = await app.modules.park.openPark(
      {
        parkId: PARK_ID,
        names: name,
        addresses: name,
        capacity: PLACES,
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
      { actor: 'system', correlationId: 'bench' },
    );
    if (!opened.ok) throw new Error(`the park was refused: ${opened.refusal.code}`);
  } finally {
    await app.close();
  }
}

async function waitUntilReady(port: number, ended: Promise<unknown>, logFile: string): Promise<void> {
  const giveUpMs = performance.now() + START_LIMIT_MS;
  const gone = ended.then(() => 'gone' as const);
  while (performance.now() < giveUpMs) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    if (answer?.ok === true) return;
    if ((await Promise.race([gone, sleep(50)])) === 'gone') break;
  }
  throw new Error(`the API did not start:\n${await readFile(logFile, 'utf8')}`);
}

type SignedIn = { readonly access_token: string; readonly user: { readonly id: string } };

async function signInOne(port: number, index: number) {
  const body = { phone: `+996555${String(100_000 + index)}`, password: `a long password ${index}`, name: 'Айгүл' };
  const post = (path: string, json: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`http://127.0.0.1:${port}/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(json),
    });
  const answer = await post('register', body);
  if (answer.status !== 201) throw new Error(`a guest was not registered: ${await answer.text()}`);
  const { access_token: token, user } = (await answer.json()) as SignedIn;
  // Nobody pays before the number is verified; in a demonstration every code is 000000.
  const { phone } = body;
  await post('otp', { phone, purpose: 'verify' });
  const shown = { phone, purpose: 'verify', code: '000000' };
  const verified = await post('otp/verify', shown, { authorization: `Bearer ${token}` });
  if (verified.status !== 200) throw new Error(`a number was not verified: ${await verified.text()}`);
  return { token, userId: user.id };
}

/** Starts the built product; `nodeArguments` go to its Node, as for a profile. It logs to a file, as at `info` level. */
export async function startProductApi(url: string, nodeArguments: readonly string[] = []): Promise<ProductApi> {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-bench-'));
  const port = await freePort();
  const environment = {
    DATABASE_URL: url,
    SKYPARK_DATA_DIR: folder,
    PORT: String(port),
    RATE_LIMIT_PER_MINUTE: '10000000',
  };
  try {
    await openPark(url, environment);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const logFile = join(folder, 'api.log');
  const log = await open(logFile, 'w');
  const child = spawn(process.execPath, [...nodeArguments, builtFile('main/api.js').pathname], {
    env: { ...environment, PATH: process.env['PATH'] },
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = once(child, 'exit');
  const killWithUs = (): boolean => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', killWithUs);
    await log.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(port, ended, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    port,
    signIn: (count) => Promise.all(Array.from({ length: count }, (_, index) => signInOne(port, index))),
    stop,
  };
}
