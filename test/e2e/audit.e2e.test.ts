import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir, type Settings } from '../support/product.ts';
import { cli } from './cli.ts';
import { call, makeWorld, OTHER, OWN, type World } from './contract-world.ts';
import { copyOf, tamper } from './tampering.ts';

const PHONE = '+996700998877';
const clock = createManualClock(Date.parse('2026-12-01T06:00:00Z'));

describeWithDatabase('what staff do', { timeout: 120_000 }, () => {
  const { later, run } = createCleanUp();
  let settings: Settings;
  let world: World;
  let folder: string;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    settings = await localSettings(await temporaryDataDir(later), { DATABASE_URL: database.url });
    const api = await startTestApi(settings, clock, later);
    world = await makeWorld(api);
    folder = await mkdtemp(join(tmpdir(), 'skypark-audit-'));
    later(() => rm(folder, { recursive: true, force: true }));
    await call(api.url, 'POST', '/api/v1/auth/register', {
      body: { phone: PHONE, password: 'a horse of Naryn', name: 'Жибек' },
    });
    await api.stop();
  });
  afterAll(run);

  /** The whole product in another state: a copy of its database that somebody changed. */
  const changed = async (sql: string): Promise<Settings> => {
    const copy = await copyOf(settings['DATABASE_URL'] ?? '');
    await tamper(copy, sql);
    return { ...settings, DATABASE_URL: copy };
  };

  async function exported(of: Settings): Promise<{ readonly file: string; readonly lines: readonly string[] }> {
    const { code, text } = await cli(of, 'audit', 'export');
    expect(code).toBe(0);
    const file = join(folder, 'trail.jsonl');
    await writeFile(file, `${text}\n`);
    return { file, lines: text.split('\n') };
  }

  test('is exported with its hashes, and verified; whoever changes it behind the program is found out', async () => {
    const { file, lines } = await exported(settings);
    const acts = lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
    const kinds = new Set(acts.map(({ event_type: type }) => type));
    expect([...kinds]).toEqual(expect.arrayContaining(['DeviceInvited', 'ShiftOpened', 'PassIssued']));
    const admin = world.callers.find(({ name }) => name === 'admin');
    expect(admin).toBeDefined();
    for (const act of acts) expect(act).toMatchObject({ actor: expect.stringMatching(/^(user|device):/), hash: /./ });
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      head: expect.any(Number),
      link: expect.stringMatching(/^[0-9a-f]{64}$/),
    });

    expect(await cli(settings, 'audit', 'verify', file)).toMatchObject({
      code: 0,
      text: expect.stringContaining(`${acts.length} acts of staff`),
    });

    const wrong: readonly (readonly [sql: string, says: string])[] = [
      [
        `update store.event set event_data = jsonb_set(event_data, '{parkId}', '"${OTHER}"') where event_type = 'DeviceInvited' and park_id = '${OWN}'`,
        'the chain is broken: payload',
      ],
      [
        `update store.event set actor = 'user:somebody' where event_type = 'PassIssued'`,
        'the chain is broken: payload',
      ],
      [`delete from store.event where event_type = 'ShiftOpened'`, 'the chain is broken: missing'],
      [`delete from office.audit where action = 'PassIssued'`, 'of the trail are not what the log says'],
      [
        `update office.audit set actor = 'user:somebody' where action = 'PassIssued'`,
        'of the trail are not what the log says',
      ],
    ];
    for (const [sql, says] of wrong) {
      const { code, text } = await cli(await changed(sql), 'audit', 'verify');
      expect([sql, code, text]).toEqual([sql, 1, expect.stringContaining(says)]);
    }
  });

  test('cannot be cut off at its end without being missed by an export that was kept elsewhere', async () => {
    const { file } = await exported(settings);
    const end = `(select max(position) from office.audit)`;
    const cut = await changed(`
      create temp table cut as select ${end} - 1 as position;
      delete from office.audit where position > (select position from cut);
      delete from store.event where position > (select position from cut);
      update store.head h set position = e.position, seq = e.seq, link = e.link
      from store.event e where e.position = (select position from cut);`);
    expect((await cli(cut, 'audit', 'verify')).text).not.toContain('the chain is broken');
    const { code, text } = await cli(cut, 'audit', 'verify', file);
    expect([code, text]).toEqual([1, expect.stringContaining('the log ends before it')]);
  });

  test('cannot be changed in an export either', async () => {
    const { file, lines } = await exported(settings);
    await writeFile(file, lines.join('\n').replaceAll('"PassIssued"', '"PassCancelled"'));
    expect(await cli(settings, 'audit', 'verify', file)).toMatchObject({
      code: 1,
      text: expect.stringContaining('was changed'),
    });
  });

  test('to read what is personal is on record: who looked whom up, without the number', async () => {
    const api = await startTestApi(settings, clock);
    const admin = world.callers.find(({ name }) => name === 'admin');
    const token = admin?.token ?? null;
    expect(
      (await call(api.url, 'GET', `/api/v1/admin/guests?phone=${encodeURIComponent(PHONE)}`, { token })).status,
    ).toBe(200);
    const search = `/api/v1/admin/tickets?phone=${encodeURIComponent(PHONE)}`;
    for (const path of [search, `${search}&park_id=${OWN}`])
      expect((await call(api.url, 'GET', path, { token })).status).toBe(200);
    const trail = `/api/v1/admin/audit?action=GuestLookedUp&park_id=${OWN}`;
    expect((await call(api.url, 'GET', trail, { token })).json?.['items']).toMatchObject([{ park_id: OWN }]);
    await api.stop();
    const found = await cli(settings, 'users', 'find', PHONE);
    const { lines } = await exported(settings);
    const looks = lines.filter((line) => line.includes('"GuestLookedUp"'));
    expect(looks).toHaveLength(3);
    for (const look of looks) expect(look).not.toContain('998877');
    expect(found.text).toContain('account');
    expect((await cli(settings, 'audit', 'verify')).code).toBe(0);
  });
});
