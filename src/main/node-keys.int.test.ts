import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../../test/support/database.ts';
import { enrol } from '../../test/support/nodes.ts';
import {
  configOf,
  createCleanUp,
  localSettings,
  loggerOf,
  startTestApi,
  temporaryDataDir,
  type Settings,
  type TestApi,
} from '../../test/support/product.ts';
import { newGuest } from '../../test/e2e/guests.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { createNodeSigner } from '../infrastructure/keys/node-signer.ts';
import { systemIds } from '../infrastructure/ids.ts';
import type { Job } from '../infrastructure/module.ts';
import { parseCommandLine } from './cli/command.ts';
import { commands } from './cli/commands.ts';
import { createOffice } from './cli/office.ts';
import { DEMO_PARKS } from './demo-parks.ts';
import { parkSyncJobs } from './park-sync.ts';
import { loadNodeKey, nodeKeyFile } from './secrets.ts';

const META = { actor: 'system', correlationId: 'test' } as const;
const NODE = 'park-ala-archa';

describeWithDatabase('keys of nodes', () => {
  const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
  const { later, run } = createCleanUp();
  const parkId = DEMO_PARKS[0]?.parkId ?? '';
  let headquarters: TestApi;
  let park: TestApi;
  let [hqSettings, parkSettings]: Settings[] = [];
  let jobs: readonly Job[];

  beforeAll(async () => {
    const settingsOf = async (more: Record<string, string>): Promise<Settings> => {
      const { url, drop } = await createTestDatabase();
      later(drop);
      return localSettings(await temporaryDataDir(later), { DATABASE_URL: url, ...more });
    };
    hqSettings = await settingsOf({});
    headquarters = await startTestApi(hqSettings, clock, later);
    const [first] = DEMO_PARKS;
    if (first !== undefined) await headquarters.app.modules.park.openPark(first, META);
    parkSettings = await settingsOf({
      SKYPARK_ROLE: 'park',
      SKYPARK_PARK_ID: parkId,
      SKYPARK_NODE_ID: NODE,
      SKYPARK_HQ_URL: headquarters.url,
    });
    park = await startTestApi(parkSettings, clock, later);
    await enrol(headquarters.app, park.app, '2026-12-06');
    const sync = parkSyncJobs(park.app);
    later(() => sync.close());
    jobs = sync.jobs;
  }, 120_000);
  afterAll(run);

  /** Runs a command as the program does, in this process. */
  async function cli(settings: Settings | undefined, ...line: readonly string[]) {
    const parsed = parseCommandLine(commands, line);
    if (settings === undefined || !parsed.ok || parsed.value.kind === 'help') throw new Error(line.join(' '));
    const { command, call } = parsed.value;
    const said: string[] = [];
    const config = configOf(settings);
    const code = await command.run(
      call,
      createOffice(config, loggerOf(config), (words) => void said.push(words)),
    );
    return { code, text: said.join('\n') };
  }
  /** What the process of the park does all the time, once; it says hello anew. */
  async function work(): Promise<void> {
    clock.advance(60_000);
    const round = { limit: 1, stopping: new AbortController().signal, meta: META };
    for (const job of jobs) await job.run(round);
  }
  /** Has the park tell something in a life of its log that has not been sealed yet. */
  const write = () => park.app.replication.openIncarnation('restored');
  const signerOf = async ({ app }: TestApi) => {
    const key = await loadNodeKey(app.config);
    if (key === null) throw new Error('no key');
    return createNodeSigner(key);
  };
  const keysOf = async () =>
    (await headquarters.app.modules.nodes.find(NODE))?.keys.map(({ keyId, until }) => [keyId, until !== null]);

  test('a park changes its key while it runs, and headquarters believes the old one for what it has sealed only', async () => {
    await work();
    const old = await signerOf(park);
    const { code, text } = await cli(parkSettings, 'nodes', 'rotate-key');
    const fresh = await signerOf(park);
    expect([code, text]).toEqual([0, expect.stringContaining(`From now on key ${fresh.keyId} signs.`)]);
    expect(fresh.keyId).not.toBe(old.keyId);
    expect(await keysOf()).toEqual([
      [fresh.keyId, false],
      [old.keyId, false],
    ]);
    expect((await cli(hqSettings, 'nodes', 'list')).text).toContain(`key ${old.keyId} is still good beside it`);
    await write();
    await work();
    expect(await keysOf()).toEqual([
      [fresh.keyId, false],
      [old.keyId, true],
    ]);
    const [segment] = await park.app.replication.segmentsAfter((await park.app.replication.head()).incarnation, 0, {
      segments: 1,
    });
    expect(segment?.header.keyId).toBe(fresh.keyId);
    expect(await headquarters.app.replication.quarantineUse()).toEqual([]);
  });

  test('a park whose headquarters does not answer keeps its key, and goes on with the same next one', async () => {
    const before = await readFile(nodeKeyFile(park.app.config), 'utf8');
    const away = { ...parkSettings, SKYPARK_HQ_URL: 'http://127.0.0.1:9' };
    const failed = await cli(away, 'nodes', 'rotate-key');
    expect([failed.code, failed.text]).toEqual([1, expect.stringContaining('Nothing is changed')]);
    expect(await readFile(nodeKeyFile(park.app.config), 'utf8')).toBe(before);
    const next = await readFile(`${nodeKeyFile(park.app.config)}.next`, 'utf8');
    expect((await cli(parkSettings, 'nodes', 'rotate-key')).code).toBe(0);
    expect(await readFile(nodeKeyFile(park.app.config), 'utf8')).toBe(next);
    await work();
    expect((await keysOf())?.map(([, isOver]) => isOver)).toEqual([false, true, true]);
  });

  test('what was kept apart is released or discarded by the rules, by whom and why on record', async () => {
    const { userId, login } = await newGuest(headquarters.url);
    await headquarters.app.modules.auth.grantRole({ userId, role: 'manager', parkId }, META);
    const call = async (path: string, body?: object, token = '') => {
      const answer = await fetch(`${headquarters.url}/api/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    };
    const token = String((await call('/auth/login', login)).body['access_token']);
    await work();
    const life = { nodeId: NODE, incarnation: systemIds.next(), reason: 'restored' } as const;
    await park.app.modules.nodes.openLife({ ...life, previous: await park.app.replication.head() }, [], META);
    await park.app.replication.seal(createNodeSigner(generateKeyPairSync('ed25519')));
    await work();
    const listed = (await call('/admin/quarantine', undefined, token)).body['items'] as { id: string; why: string }[];
    expect(listed).toMatchObject([{ node: NODE, why: expect.stringContaining('may sign with') as string }]);
    const { id = '', why = '' } = listed[0] ?? {};
    const settle = (how: string) => call(`/admin/quarantine/${id}/${how}`, { reason: 'a stranger wrote it' }, token);
    expect(await settle('release')).toMatchObject({
      status: 409,
      body: { code: 'kept_segment_not_taken', detail: why },
    });
    expect(await settle('discard')).toMatchObject({ status: 409, body: { code: 'kept_segment_awaited' } });
    expect(await headquarters.app.modules.nodes.keepNodes.revoke(NODE, META)).toMatchObject({ ok: true });
    expect((await cli(hqSettings, 'nodes', 'quarantine', 'release', id, 'once more')).text).toContain(why);
    expect((await settle('discard')).status).toBe(204);
    expect((await settle('discard')).status).toBe(204);
    expect((await call('/admin/quarantine', undefined, token)).body).toEqual({
      items: [],
      next_cursor: null,
    });
    expect(await call(`/admin/audit?park_id=${parkId}&action=KeptSegmentSettled`, undefined, token)).toMatchObject({
      body: { items: [{ actor: `user:${userId}` }] },
    });
  });
});
