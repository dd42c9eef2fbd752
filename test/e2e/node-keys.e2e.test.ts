import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemIds } from '../../src/infrastructure/ids.ts';
import { createNodeSigner, type NodeSigner } from '../../src/infrastructure/keys/node-signer.ts';
import { createPostPacked } from '../../src/infrastructure/outgoing-http/post-packed.ts';
import { certifyKey } from '../../src/sync/park/change-key.ts';
import { withClient } from '../support/database-admin.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
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

type KeyRow = { readonly keyId: string; readonly isOver: boolean };

describeWithDatabase('a change of keys that is killed', { timeout: 300_000 }, () => {
  const { later, run } = createCleanUp();
  let [hqSettings, parkSettings]: Settings[] = [];
  let [hqDatabase, keyFile]: string[] = [];
  let hq: Program;
  let park: Program;
  let line: StruckLine;
  const ended = new Set<string>();

  const startHeadquarters = async () => (hq = await startProgram('start', hqSettings ?? {}, later));
  const startPark = async () => (park = await startProgram('park-node', parkSettings ?? {}, later));
  const cli = (settings: Settings, ...words: readonly string[]) =>
    runProgram('src/main/cli.ts', words, settings, later);

  beforeAll(async () => {
    const folder = await temporaryDataDir(later);
    const [there, here] = [await createTestDatabase(), await createTestDatabase()];
    later(there.drop);
    later(here.drop);
    hqDatabase = there.url;
    hqSettings = await localSettings(join(folder, 'hq'), { DATABASE_URL: there.url });
    await startHeadquarters();
    line = await openStruckLine(() => hq.url, later);
    parkSettings = await localSettings(join(folder, 'park'), {
      DATABASE_URL: here.url,
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: PARK,
      SKYPARK_NODE_ID: NODE,
      SKYPARK_HQ_URL: line.url,
      LOG_LEVEL: 'silent',
    });
    keyFile = join(folder, 'park', 'keys', 'node.pem');
    await startPark();
    const invited = await outputOf(cli(hqSettings, 'nodes', 'invite', NODE, PARK));
    const [code = ''] = invited.text.split(' ');
    const enrolled = await outputOf(cli(parkSettings, 'enrol', '--code', code));
    if (enrolled.code !== 0) throw new Error(`${invited.text}\n${enrolled.text}`);
  }, 180_000);
  afterAll(run);

  const signerOfFile = async (): Promise<NodeSigner> => {
    const privateKey = createPrivateKey(await readFile(keyFile ?? ''));
    return createNodeSigner({ privateKey, publicKey: createPublicKey(privateKey) });
  };

  /** What headquarters believes: never a key again that was ended, and never more than two. */
  async function believed(): Promise<readonly string[]> {
    const text = `select key_id as "keyId", until_seq is not null as "isOver" from nodes.node_keys
      where node_id = $1 order by since desc`;
    const { rows } = await withClient(hqDatabase ?? '', (client) => client.query<KeyRow>(text, [NODE]));
    const inForce = rows.filter(({ isOver }) => !isOver).map(({ keyId }) => keyId);
    for (const { keyId } of rows.filter(({ isOver }) => isOver)) ended.add(keyId);
    expect(inForce.filter((keyId) => ended.has(keyId))).toEqual([]);
    expect(inForce.length).toBeLessThanOrEqual(2);
    return inForce;
  }

  /** The node was welcomed since then, and nothing of it waits for a person. */
  async function expectWelcome(sinceMs = 0): Promise<void> {
    const text = `select verdict, (extract(epoch from at) * 1000)::float8 as at,
      (select count(*)::int from store.quarantined_segment) as kept from nodes.contact where node_id = $1`;
    type Row = { verdict: string; at: number; kept: number };
    const contact = () =>
      withClient(hqDatabase ?? '', async (client) => (await client.query<Row>(text, [NODE])).rows[0] ?? null);
    const heard = await eventually(contact, (row) => row !== null && row.at > sinceMs, PATIENCE_MS);
    expect(heard).toMatchObject({ verdict: 'ok', kept: 0 });
  }

  const stricken = () =>
    eventually(
      async () => line.stroke,
      (left) => left === null,
      PATIENCE_MS,
    );

  /** Gives the command until it is done, as an operator does. */
  async function rotate(): Promise<void> {
    await eventually(
      () => outputOf(cli(parkSettings ?? {}, 'nodes', 'rotate-key')),
      ({ code }) => code === 0,
      PATIENCE_MS,
    );
  }

  /** Everything runs on; in the end the key of the file is the only one that is believed, and the one before opens nothing. */
  async function expectChanged(old: NodeSigner): Promise<void> {
    const { keyId } = await signerOfFile();
    expect(keyId).not.toBe(old.keyId);
    await eventually(believed, (keys) => keys.length === 1 && keys[0] === keyId, PATIENCE_MS);
    await expectWelcome();
    const post = createPostPacked(fetch, hq.url, { timeoutMs: 10_000, mostBytes: 100_000 });
    const secret = (bytes: number): string => systemIds.secret(bytes);
    const known = { nodeId: 'hq', keyId: '0a0a0a0a', publicKey: 'A'.repeat(43), certificate: '{}' };
    const thief = { nodeId: NODE, post, secret, headquarters: known, signer: old };
    const another = createNodeSigner(generateKeyPairSync('ed25519'));
    expect(await certifyKey(thief, another)).toEqual({ ok: false, refusal: { reason: 'sync_refused' } });
  }

  test('headquarters dies before it hears of the new key: nothing has changed, and it is given again', async () => {
    const old = await signerOfFile();
    line.stroke = { path: '/sync/v1/rotate', when: 'before', kill: () => killTree(hq.child) };
    const failed = await outputOf(cli(parkSettings ?? {}, 'nodes', 'rotate-key'));
    expect([failed.code, failed.text]).toEqual([1, expect.stringContaining('Nothing is changed')]);
    expect(await believed()).toEqual([old.keyId]);
    await startHeadquarters();
    await rotate();
    await expectChanged(old);
  });

  test('headquarters and the command die when the new key is taken: the node speaks by the old one until it is given again', async () => {
    const old = await signerOfFile();
    const command = cli(parkSettings ?? {}, 'nodes', 'rotate-key');
    line.stroke = {
      path: '/sync/v1/rotate',
      when: 'after',
      kill: () => Promise.all([killTree(command), killTree(hq.child)]),
    };
    await outputOf(command);
    expect(command.signalCode).toBe('SIGKILL');
    expect((await signerOfFile()).keyId).toBe(old.keyId);
    const [fresh, before] = await believed();
    expect([fresh === old.keyId, before]).toEqual([false, old.keyId]);
    await startHeadquarters();
    await expectWelcome(Date.now());
    await rotate();
    expect((await signerOfFile()).keyId).toBe(fresh);
    await expectChanged(old);
  });

  test('the node dies before its old key is ended: it is ended once the node is back', async () => {
    const old = await signerOfFile();
    line.stroke = { path: '/sync/v1/retire', when: 'before', kill: () => killTree(park.child) };
    await rotate();
    await stricken();
    await killTree(park.child);
    await startPark();
    await expectChanged(old);
  });

  test('both die when the old key is ended: both go on with the new one', async () => {
    const old = await signerOfFile();
    line.stroke = {
      path: '/sync/v1/retire',
      when: 'after',
      kill: () => Promise.all([killTree(park.child), killTree(hq.child)]),
    };
    await rotate();
    await stricken();
    await killTree(hq.child);
    await killTree(park.child);
    const { keyId } = await signerOfFile();
    await eventually(believed, (keys) => keys.length === 1, PATIENCE_MS);
    expect(await believed()).toEqual([keyId]);
    await startHeadquarters();
    const startedMs = Date.now();
    await startPark();
    await expectWelcome(startedMs);
    await expectChanged(old);
  });
});
