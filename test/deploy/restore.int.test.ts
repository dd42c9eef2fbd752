import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { verifyChain } from '../../src/infrastructure/event-store/verify-chain.ts';
import { connectDatabase, type Database } from '../../src/infrastructure/postgres/database.ts';
import { readBackupState } from '../../src/infrastructure/event-store/backups.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import { migrateDatabase } from '../../src/main/migrate-database.ts';
import { createCleanUp, localSettings, startTestApi, type Settings, type TestApi } from '../support/product.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { projectRoot } from '../support/project-files.ts';

const PG_BIN = '/usr/lib/postgresql/15/bin';
const PASSWORD = 'a horse of Naryn';
const isRoot = process.getuid?.() === 0;

/** A command as the account that owns PostgreSQL's files: it refuses to run as root. */
function commandOf(words: readonly string[], environment: Settings) {
  const { PATH = '' } = process.env;
  const assigned = Object.entries({ PATH, HOME: tmpdir(), ...environment }).map(([name, value]) => `${name}=${value}`);
  const command = ['env', '-i', ...assigned, ...words];
  const [program = '', ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
  return { program, rest };
}

function as(words: readonly string[], environment: Settings = {}) {
  const { program, rest } = commandOf(words, environment);
  return spawnSync(program, rest, { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function done(words: readonly string[], environment: Settings = {}): string {
  const { status, stdout, stderr } = as(words, environment);
  expect(status, `${words.join(' ')}\n${stdout}${stderr}`).toBe(0);
  return stdout.trim();
}

const LOG = statement(
  'test.log',
  `select count(*)::integer as events, encode(sha256(string_agg(e::text, E'\\n' order by position)::bytea), 'hex') as hash
   from store.event e where position <= $1`,
);
const HEAD = statement('test.head', 'select position, encode(link, $1) as link from store.head');
const NOW = statement('test.now', 'select clock_timestamp()::text as now');
const SWITCH = statement('test.switch', 'select pg_walfile_name(pg_switch_wal()) as file');
const KEY = statement('test.key', 'select wrapped is null as destroyed from store.subject_key where subject_id = $1');

const canRun = existsSync(join(PG_BIN, 'initdb')) && as(['test', '-r', 'node_modules/tsx/package.json']).status === 0;
const WHY_NOT = `needs ${PG_BIN} and a checkout that user postgres can read`;

describe('a backup', () => {
  const { later, run } = createCleanUp();
  const folder = mkdtempSync(join(tmpdir(), 'skypark-restore-'));
  const [archive, backups, dataDir] = [join(folder, 'wal'), join(folder, 'backups'), join(folder, 'product')];
  let tools: Settings;
  let settings: Settings;
  let api: TestApi;

  /** Starts a server on a data directory; it ends with the tests. */
  async function startServer(data: string, options: readonly string[] = []): Promise<string> {
    const port = String(await freePort());
    const all = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`, ...options];
    const flags = all.map((option) => `-c "${option}"`).join(' ');
    done([`${PG_BIN}/pg_ctl`, '-D', data, '-s', '-w', '-l', `${data}.log`, '-o', flags, 'start']);
    later(async () => void as([`${PG_BIN}/pg_ctl`, '-D', data, '-s', '-m', 'immediate', 'stop']));
    return `postgres://skypark@127.0.0.1:${port}/skypark`;
  }

  function connect(url: string): Database {
    const database = connectDatabase({ url, poolSize: 2, applicationName: 'restore-test', onError: () => undefined });
    later(() => database.close());
    return database;
  }

  const ask = (method: string, path: string, body: unknown, token = '') =>
    fetch(`${api.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });

  async function register(phone: string, name: string): Promise<{ userId: string; token: string }> {
    const answer = await ask('POST', '/auth/register', { phone, password: PASSWORD, name });
    expect(answer.status).toBe(201);
    const body = (await answer.json()) as { readonly access_token: string; readonly user: { readonly id: string } };
    return { userId: body.user.id, token: body.access_token };
  }

  beforeEach((context) => context.skip(!canRun, WHY_NOT));
  beforeAll(async () => {
    if (!canRun) return;
    chmodSync(folder, 0o755);
    later(async () => rmSync(folder, { recursive: true, force: true }));
    if (isRoot) spawnSync('chown', ['postgres', folder]);
    const source = join(folder, 'source');
    done([`${PG_BIN}/initdb`, '-D', source, '-U', 'skypark', '--auth=trust', '--data-checksums', '-E', 'UTF8']);
    const archiving = `ARCHIVE_DIR=${archive} ${join(projectRoot, 'deploy/backup/archive-wal.sh')} %p %f`;
    const url = await startServer(source, ['archive_mode=on', `archive_command=${archiving}`]);
    const { port, hostname } = new URL(url);
    tools = {
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: 'skypark',
      PGDATABASE: 'skypark',
      BACKUP_DIR: backups,
      ARCHIVE_DIR: archive,
      PATH: `${PG_BIN}:${process.env['PATH']}`,
    };
    done(['createdb', 'skypark'], tools);
    await migrateDatabase(url, { log: () => undefined });
    done(['mkdir', '-p', dataDir]);
    settings = await localSettings(dataDir, { DATABASE_URL: url });
    api = await startTestApi(settings, systemClock, later);
    if (isRoot) spawnSync('chown', ['-R', 'postgres', dataDir]);
  }, 120_000);
  afterAll(run);

  test('is restored to a moment, row for row and link for link, and who was erased since stays erased', async () => {
    const erased = await register('+996700000001', 'Жибек');
    const kept = await register('+996700000002', 'Темирлан');
    const stamp = done(['deploy/backup/base-backup.sh'], tools);
    const afterwards = await register('+996700000003', 'Айпери');
    const live = connect(settings['DATABASE_URL'] ?? '');
    const [head] = await live.rows<{ position: number; link: string }>(HEAD, ['hex']);
    const [moment] = await live.rows<{ now: string }>(NOW, []);
    const position = head?.position ?? 0;
    await sleep(1000);
    expect((await ask('DELETE', '/users/me', { password: PASSWORD }, erased.token)).status).toBe(204);
    const lost = await register('+996700000004', 'Бек');
    done(['deploy/backup/export-erasures.sh'], tools);
    const [segment] = await live.rows<{ file: string }>(SWITCH, []);
    await expect.poll(() => readdirSync(archive), { timeout: 20_000 }).toContain(`${segment?.file}.gz`);
    const { madeAtMs } = await readBackupState(live);
    expect(Object.keys(madeAtMs).toSorted()).toEqual(['base', 'erasures']);
    // The server tells of a piece a moment after its file is there.
    const archivedAtMs = async () => (await readBackupState(live)).archivedAtMs;
    await expect.poll(archivedAtMs, { timeout: 20_000 }).toBeGreaterThan(madeAtMs['base'] ?? Infinity);
    const before = await live.rows(LOG, [position]);
    // A list that a loss of power emptied, or that comes from a server restored to before the erased ones came.
    writeFileSync(join(backups, 'erasures/29991231T000000Z.csv'), '');

    const target = join(folder, 'restored');
    const replay = `${process.execPath} --import tsx ${join(projectRoot, 'src/main/replay-erasures.ts')}`;
    const own = { SKYPARK_DATA_DIR: dataDir, SKYPARK_MODE: 'demo', REPLAY_ERASURES: replay, PG_BIN };
    const said = done(['deploy/backup/restore.sh', join(backups, 'base', stamp), target, moment?.now ?? ''], {
      ...tools,
      ...own,
    });
    expect(said).toContain('1 subjects are erased, 1 of them again');

    await api.stop();
    const url = await startServer(target);
    const restored = connect(url);
    expect(await restored.rows(LOG, [position])).toEqual(before);
    expect(await verifyChain(restored)).toMatchObject({ intact: true });
    const [link] = await restored.rows<{ link: string }>(
      statement('test.link', `select encode(link, 'hex') as link from store.event where position = $1`),
      [position],
    );
    expect(link?.link).toBe(head?.link);
    expect(await restored.rows(KEY, [erased.userId])).toEqual([{ destroyed: true }]);
    expect(await restored.rows(KEY, [kept.userId])).toEqual([{ destroyed: false }]);

    api = await startTestApi(await localSettings(dataDir, { DATABASE_URL: url }), systemClock, later);
    const { user } = api.app.modules;
    expect((await user.profile(kept.userId))?.name).toBe('Темирлан');
    expect((await user.profile(afterwards.userId))?.name).toBe('Айпери');
    expect(await user.profile(erased.userId)).toBeNull();
    expect(await user.profile(lost.userId)).toBeNull();
    expect((await ask('POST', '/auth/login', { phone: '+996700000001', password: PASSWORD })).status).toBe(401);
    // The number is free again.
    await register('+996700000001', 'Somebody else');
  }, 180_000);

  test('is made without a timer too', async () => {
    const place = join(folder, 'kept');
    const { program, rest } = commandOf(['timeout', '20', 'deploy/backup/keep.sh'], { ...tools, BACKUP_DIR: place });
    const keeping = spawn(program, rest, { cwd: projectRoot, stdio: 'ignore' });
    const made = (name: string) => (existsSync(join(place, name)) ? readdirSync(join(place, name)) : []);
    await expect.poll(() => made('keys').filter((file) => file.endsWith('.csv')), { timeout: 20_000 }).toHaveLength(1);
    keeping.kill();
    expect([made('base').length, made('erasures').length > 0]).toEqual([1, true]);
  }, 60_000);

  test('is not restored without a list of erasures, nor from a list that was cut short', () => {
    const [base = ''] = readdirSync(join(backups, 'base'));
    const restore = (target: string, more: Settings) =>
      as(['deploy/backup/restore.sh', join(backups, 'base', base), join(folder, target)], {
        ...tools,
        PG_BIN,
        ...more,
      });
    done(['mkdir', '-p', join(folder, 'none/erasures'), join(folder, 'short/erasures')]);
    const none = restore('never', { BACKUP_DIR: join(folder, 'none') });
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('there is no list of erasures')]);
    writeFileSync(join(folder, 'short/erasures/20261205T000000Z.csv'), '01936f2e-0000-7000-8000-0000\n');
    const replay = `${process.execPath} --import tsx ${join(projectRoot, 'src/main/replay-erasures.ts')}`;
    const short = restore('never', {
      BACKUP_DIR: join(folder, 'short'),
      REPLAY_ERASURES: replay,
      SKYPARK_DATA_DIR: dataDir,
    });
    expect([short.status, short.stderr]).toEqual([1, expect.stringContaining('is no id of a subject')]);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  }, 120_000);

  test('is not restored by half: from an archive with a gap, that is damaged, or that cannot be read', async () => {
    const stamp = done(['deploy/backup/base-backup.sh'], tools);
    const live = connect(settings['DATABASE_URL'] ?? '');
    const pieces: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      await live.rows(statement('test.mark', `select pg_logical_emit_message(true, 'test', 'mark')::text`), []);
      pieces.push(`${(await live.rows<{ file: string }>(SWITCH, []))[0]?.file}.gz`);
    }
    await expect.poll(() => readdirSync(archive), { timeout: 20_000 }).toEqual(expect.arrayContaining(pieces));
    const restore = (more: Settings = {}) => {
      const words = ['deploy/backup/restore.sh', join(backups, 'base', stamp), join(folder, 'half')];
      const { status, stderr } = as(words, { ...tools, PG_BIN, ...more });
      return `${status} ${stderr}`;
    };
    done(['mkdir', join(folder, 'unmounted')]);
    expect(restore({ ARCHIVE_DIR: join(folder, 'unmounted') })).toContain(
      '1 the archive ends before this backup begins',
    );
    const [, middle = ''] = pieces.map((piece) => join(archive, piece));
    renameSync(middle, join(folder, 'middle'));
    expect(restore()).toContain(`1 the archive has a gap: it goes on to ${pieces[2]?.replace('.gz', '')}`);
    writeFileSync(middle, 'damaged');
    expect(restore()).toMatch(/^1 recovery failed: [^]*not in gzip format/);
    renameSync(join(folder, 'middle'), middle);
    chmodSync(archive, 0o300);
    expect(restore()).toMatch(/^1 .*Permission denied/s);
    chmodSync(archive, 0o700);
    expect(existsSync(join(folder, 'half'))).toBe(false);
  }, 120_000);

  test('keeps keys apart from the base backup’s folder, and neither they nor the log live for more than 30 days', () => {
    expect(as(['deploy/backup/base-backup.sh'], { ...tools, KEEP_DAYS: '31' }).status).toBe(2);
    for (const name of ['base', 'keys', 'erasures']) expect(readdirSync(join(backups, name)).length).toBeGreaterThan(0);
    const old = readdirSync(join(backups, 'keys'));
    const [segment = ''] = readdirSync(archive);
    const longAgo = new Date(Date.now() - 31 * 86_400_000);
    // What a backup that was killed has left.
    const drafts = [join(backups, 'base/.20250101T000000Z.part'), join(backups, 'keys/20250101T000000Z.csv.part')];
    done(['mkdir', '-m', '700', ...drafts]);
    for (const path of [
      ...drafts,
      ...old.map((file) => join(backups, 'keys', file)),
      ...old.map((file) => join(backups, 'base', file.replace('.csv', ''))),
      join(archive, segment),
    ]) {
      expect(statSync(path).mode & 0o077).toBe(0);
      utimesSync(path, longAgo, longAgo);
    }
    const newest = done(['deploy/backup/base-backup.sh'], { ...tools, KEEP_DAYS: '30' });
    expect(readdirSync(join(backups, 'keys'))).toEqual([`${newest}.csv`]);
    expect(readdirSync(join(backups, 'base'))).toEqual([newest]);
    expect(readdirSync(archive)).not.toContain(segment);
  }, 120_000);
});
