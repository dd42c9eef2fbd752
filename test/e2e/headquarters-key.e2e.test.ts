import { watch } from 'node:fs';
import { cp, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNodeSigner } from '../../src/infrastructure/keys/node-signer.ts';
import { withClient } from '../support/database-admin.ts';
import { createTestDatabase, describeWithDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/nodes.ts';
import {
  createCleanUp,
  killTree,
  localSettings,
  outputOf,
  runProgram,
  startProgram,
  temporaryDataDir,
  type Program,
  type Settings,
} from '../support/product.ts';
import { openStruckLine, type StruckLine } from '../support/struck-line.ts';

const NODE = 'park-ala-archa';
const PARK = 'ala-archa';
/** A node that could not reach headquarters tries again within a minute. */
const PATIENCE_MS = 90_000;

/** Two processes of headquarters on one database, of which the park reaches now this one, now that one. */
describeWithDatabase('a change of the key of headquarters that is killed', { timeout: 300_000 }, () => {
  const { later, run } = createCleanUp();
  let [hqSettings, besideSettings, parkSettings]: Settings[] = [{}, {}, {}];
  let [hqDatabase, parkDatabase]: TestDatabase[] = [];
  let [keys, keyFile]: [string, string] = ['', ''];
  let hq: Program;
  let beside: Program;
  let park: Program;
  let line: StruckLine;
  let calls = 0;

  const startHeadquarters = async (): Promise<void> => {
    hq = await startProgram('start', hqSettings ?? {}, later);
    beside = await startProgram('api', besideSettings ?? {}, later);
  };
  const killHeadquarters = () => Promise.all([killTree(hq.child), killTree(beside.child)]);
  const startPark = async () => (park = await startProgram('park-node', parkSettings ?? {}, later));
  const cli = (settings: Settings | undefined, ...words: readonly string[]) =>
    runProgram('src/main/cli.ts', words, settings ?? {}, later);
  const rotate = () => outputOf(cli(hqSettings, 'nodes', 'rotate-key'));

  beforeAll(async () => {
    const folder = await temporaryDataDir(later);
    const [there, here] = [await createTestDatabase(), await createTestDatabase()];
    later(there.drop);
    later(here.drop);
    [hqDatabase, parkDatabase] = [there, here];
    const common = { DATABASE_URL: there.url, LOG_LEVEL: 'silent' };
    hqSettings = await localSettings(join(folder, 'hq'), common);
    besideSettings = await localSettings(join(folder, 'hq'), common);
    [keys, keyFile] = [join(folder, 'hq', 'keys'), join(folder, 'hq', 'keys', 'node.pem')];
    await startHeadquarters();
    line = await openStruckLine(() => ((calls += 1) % 2 === 0 ? hq : beside).url, later);
    parkSettings = await localSettings(join(folder, 'park'), {
      DATABASE_URL: here.url,
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: PARK,
      SKYPARK_NODE_ID: NODE,
      SKYPARK_HQ_URL: line.url,
      LOG_LEVEL: 'silent',
    });
    await startPark();
    const invited = await outputOf(cli(hqSettings, 'nodes', 'invite', NODE, PARK));
    const [code = ''] = invited.text.split(' ');
    const enrolled = await outputOf(cli(parkSettings, 'enrol', '--code', code));
    if (enrolled.code !== 0) throw new Error(`${invited.text}\n${enrolled.text}`);
  }, 180_000);
  afterAll(run);

  async function keyOfFile(): Promise<string> {
    const privateKey = createPrivateKey(await readFile(keyFile));
    return createNodeSigner({ privateKey, publicKey: createPublicKey(privateKey) }).publicKey;
  }

  /** By which key the park knows headquarters. */
  async function believed(): Promise<string | undefined> {
    const text = 'select hq_public_key as key from nodes.enrolment';
    const { rows } = await withClient(parkDatabase?.url ?? '', (client) => client.query<{ key: string }>(text));
    return rows[0]?.key;
  }

  /** The park was believed by headquarters, and believed what it was answered: it has read on in the feed since then. */
  async function expectTalk(sinceMs = Date.now()): Promise<void> {
    const text = 'select last_contact_ms::float8 as at from store.peer';
    const lastMs = () =>
      withClient(parkDatabase?.url ?? '', async (client) => (await client.query<{ at: number }>(text)).rows[0]?.at);
    expect(await eventually(lastMs, (at) => at !== undefined && at > sinceMs, PATIENCE_MS)).toBeGreaterThan(sinceMs);
  }

  async function expectFollowed(): Promise<void> {
    const key = await keyOfFile();
    await eventually(believed, (known) => known === key, PATIENCE_MS);
    await expectTalk();
    // Nobody turned back on the way.
    expect(await believed()).toBe(key);
  }

  /** Kills the command as soon as a file appears beside the key. */
  async function killedAt(file: string): Promise<void> {
    const command = cli(hqSettings, 'nodes', 'rotate-key');
    const watcher = watch(keys, (_event, name) => {
      if (name === file) command.kill('SIGKILL');
    });
    await outputOf(command);
    watcher.close();
    expect(command.signalCode).toBe('SIGKILL');
  }

  test.each(['node.pem.next', 'node.pem.certificates'])(
    'the command dies when %s is written: both go on, and it is given again',
    async (file) => {
      await killedAt(file);
      await expectFollowed();
      const before = await keyOfFile();
      expect(await rotate()).toMatchObject({ code: 0 });
      expect(await keyOfFile()).not.toBe(before);
      await expectFollowed();
    },
  );

  test('two that change it at once change it one after the other, or one of them not', async () => {
    const done = await Promise.all([rotate(), rotate()]);
    expect(done.map(({ code }) => code)).toContain(0);
    await expectFollowed();
  });

  test('the park dies when it hears of the new key: it follows once it is back', async () => {
    line.stroke = { path: '/sync/v1/headquarters-key', when: 'after', kill: () => killTree(park.child) };
    await rotate();
    await eventually(
      async () => line.stroke,
      (left) => left === null,
      PATIENCE_MS,
    );
    await killTree(park.child);
    await startPark();
    await expectFollowed();
  });

  test('headquarters dies before any park has heard, and changes it twice: the park follows', async () => {
    await killTree(park.child);
    await rotate();
    await killHeadquarters();
    await rotate();
    await startHeadquarters();
    await startPark();
    await expectFollowed();
  });

  test('the park does not believe a key that was put back, and does the one that replaced it', async () => {
    const kept = join(keys, '..', 'kept');
    await cp(keys, kept, { recursive: true });
    await rotate();
    await expectFollowed();
    const key = await keyOfFile();
    const [fresh, old] = [join(keys, '..', 'fresh'), join(keys, '..', 'old')];
    await rename(keys, fresh);
    await rename(kept, keys);
    const failing = await eventually(
      () => outputOf(cli(parkSettings, 'nodes', 'rotate-key')),
      ({ code }) => code !== 0,
    );
    expect(failing.text).toContain('not signed by the headquarters that we know');
    expect(await believed()).toBe(key);
    await rename(keys, old);
    await rename(fresh, keys);
    await expectFollowed();
  });

  test('headquarters whose database was put back to before a change still has its key: parks go on', async () => {
    await killHeadquarters();
    await killTree(park.child);
    const source = hqDatabase;
    if (source === undefined) throw new Error('there is no database of headquarters');
    const backup = await eventually(
      () => createTestDatabase({ copyOf: source }).catch(() => null),
      (made) => made !== null,
    );
    later(async () => backup?.drop());
    await startHeadquarters();
    await rotate();
    await killHeadquarters();
    [hqSettings, besideSettings] = [hqSettings, besideSettings].map((one) => ({
      ...one,
      DATABASE_URL: backup?.url ?? '',
    }));
    await startHeadquarters();
    // It was away meanwhile, and knows headquarters by the key before.
    expect(await believed()).not.toBe(await keyOfFile());
    await startPark();
    await expectFollowed();
  });
});
