import { chown, cp, lchown, lstat, mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { linksOf, locatePackage } from './binaries.ts';
import { eraseEmbeddedPostgres } from './home.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './start-embedded-postgres.ts';
import {
  TemporaryDirectories,
  childrenOf,
  emptiedWithin,
  killAll,
  killHard,
  processesIn,
  query,
  quick,
  refusalOf,
  startElsewhere,
} from '../../../test/support/embedded-postgres.ts';
import type { ChildStart, StartedElsewhere } from '../../../test/support/embedded-postgres.ts';

const IS_ROOT = process.getuid?.() === 0;
const NEEDS_ROOT = 'only root can set up other accounts';
const PLAIN_UID = 65_534;

const directories = new TemporaryDirectories();
const running: EmbeddedPostgres[] = [];
const elsewhere: StartedElsewhere[] = [];

async function start(dataDir: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const sharedDir = join(await directories.make(), 'shared');
  const server = await startEmbeddedPostgres({ ...quick, dataDir, sharedDir, ...more });
  running.push(server);
  return server;
}

async function startChild(options: ChildStart): Promise<StartedElsewhere> {
  const started = await startElsewhere({ sharedDir: join(await directories.make(), 'shared'), ...options });
  elsewhere.push(started);
  return started;
}

const dataOf = (dataDir: string): string => join(dataDir, 'cluster', 'data');

const postmasterOf = async (dataDir: string): Promise<number> =>
  Number.parseInt(await readFile(join(dataOf(dataDir), 'postmaster.pid'), 'utf8'), 10);

async function copyPackage(parent: string): Promise<string> {
  const copy = join(parent, 'package');
  await cp(locatePackage(), copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

async function deleteLinks(packageDir: string): Promise<string[]> {
  const links = await linksOf(packageDir);
  const paths = links.map((link) => join(packageDir, link.target));
  for (const path of paths) await rm(path, { force: true });
  return paths;
}

async function giveTree(path: string, uid: number): Promise<void> {
  const below = await readdir(path, { recursive: true });
  for (const entry of [path, ...below.map((name) => join(path, name))]) await lchown(entry, uid, uid);
}

afterEach(async () => {
  for (const { child } of elsewhere.splice(0))
    if (child.exitCode === null && child.signalCode === null) await killHard(child);
  await Promise.all(running.splice(0).map((server) => server.stop()));
});
afterAll(() => directories.removeAll());

describe.skipIf(process.platform !== 'linux')('death of the process that started it (seen through /proc)', () => {
  test('kill -9 leaves no server behind and loses no row', { timeout: 60_000 }, async () => {
    const dataDir = await directories.make();
    const { child, url } = await startChild({ dataDir });
    await query(url, 'CREATE TABLE note AS SELECT 42 AS answer');
    await killHard(child);
    expect(await emptiedWithin(dataOf(dataDir), 3000)).not.toBeNull();
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
  });

  test('a start right after kill -9 waits for the old server and takes over', { timeout: 60_000 }, async () => {
    const dataDir = await directories.make();
    const { child } = await startChild({ dataDir });
    await killHard(child);
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('kill -9 of everything at once: the next start recovers the rows', { timeout: 60_000 }, async () => {
    const dataDir = await directories.make();
    const { child, pid, url } = await startChild({ dataDir });
    await query(url, 'CREATE TABLE note AS SELECT 42 AS answer');
    const shells = await childrenOf(pid);
    const servers = await processesIn(dataOf(dataDir));
    killAll([pid, ...shells, ...servers]);
    await once(child, 'exit');
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
  });

  test(
    'a server whose process and watchdog were both killed is stopped by the next start',
    { timeout: 60_000 },
    async () => {
      const dataDir = await directories.make();
      const { child, pid } = await startChild({ dataDir });
      const shells = await childrenOf(pid);
      const orphans = await processesIn(dataOf(dataDir));
      const lifeLines = (await Promise.all(shells.map(childrenOf))).flat().filter((each) => !orphans.includes(each));
      killAll([...lifeLines, ...shells, pid]);
      await once(child, 'exit');
      expect(await processesIn(dataOf(dataDir))).not.toEqual([]);
      const server = await start(dataDir);
      expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      const survivors = await processesIn(dataOf(dataDir));
      expect(survivors.filter((process) => orphans.includes(process))).toEqual([]);
    },
  );

  test('a second process is refused while the first lives', { timeout: 60_000 }, async () => {
    const dataDir = await directories.make();
    const { pid } = await startChild({ dataDir });
    const refusal = await refusalOf(start(dataDir));
    expect(refusal.failure).toBe('already_running');
    expect(refusal.message).toContain(`process ${pid} `);
  });

  test('a lost watchdog is reported and takes the server down with it', { timeout: 60_000 }, async () => {
    const dataDir = await directories.make();
    const warnings: string[] = [];
    const server = await start(dataDir, { log: { ...quick.log, warn: (message) => warnings.push(message) } });
    const postmaster = await postmasterOf(dataDir);
    const shell = /^PPid:\t(\d+)$/m.exec(await readFile(`/proc/${postmaster}/status`, 'utf8'))?.[1];
    killAll([Number(shell)]);
    expect(await emptiedWithin(dataOf(dataDir), 3000)).not.toBeNull();
    expect((await server.lost).message).toBe(`PostgreSQL (process ${postmaster}) stopped unexpectedly`);
    expect(warnings.join('\n')).toContain('stopped unexpectedly');
    await server.stop();
    await start(dataDir);
  });

  test.each(['SIGQUIT', 'SIGKILL'] as const)('a server that dies of %s is told to who started it', async (signal) => {
    const dataDir = await directories.make();
    const server = await start(dataDir);
    process.kill(await postmasterOf(dataDir), signal);
    expect((await server.lost).message).toContain('stopped unexpectedly');
    await server.stop();
  });

  test('a server that is stopped is not lost', async () => {
    const server = await start(await directories.make());
    await server.stop();
    expect(await Promise.race([server.lost, sleep(200, 'silence')])).toBe('silence');
  });
});

describe('places that are hard to start from', { timeout: 60_000 }, () => {
  test('makes the library links when install scripts were blocked', async () => {
    const packageDir = await copyPackage(await directories.make());
    const links = await deleteLinks(packageDir);
    await start(await directories.make(), { packageDir });
    for (const link of links) expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  test('root under a 0700 home: runs from copies kept elsewhere, found again', async ({ skip }) => {
    skip(!IS_ROOT, NEEDS_ROOT);
    const home = await directories.make(0o700);
    const [sharedDir, dataDir] = [join(await directories.make(), 'shared'), join(home, 'checkout', 'data')];
    const packageDir = await copyPackage(home);
    await deleteLinks(packageDir);
    const first = await start(dataDir, { packageDir, sharedDir });
    await query(first.url, 'CREATE TABLE note AS SELECT 42 AS answer');
    await expect(start(dataDir, { packageDir, sharedDir })).rejects.toMatchObject({ failure: 'already_running' });
    await first.stop();
    const place = (await readFile(join(dataDir, 'location'), 'utf8')).trim();
    expect(place.startsWith(sharedDir)).toBe(true);
    const second = await start(dataDir, { packageDir, sharedDir });
    expect(await query(second.url, 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
    expect((await stat(sharedDir)).mode & 0o777).toBe(0o755);
    await second.stop();
    await eraseEmbeddedPostgres(dataDir);
    await expect(stat(place)).rejects.toThrow('ENOENT');
  });

  test('root takes no copy from a directory that others could have filled', async ({ skip }) => {
    skip(!IS_ROOT, NEEDS_ROOT);
    const home = await directories.make(0o700);
    const sharedDir = join(await directories.make(), 'shared');
    await mkdir(sharedDir);
    await chown(sharedDir, PLAIN_UID, PLAIN_UID);
    const attempt = start(join(home, 'data'), { packageDir: await copyPackage(home), sharedDir });
    await expect(attempt).rejects.toMatchObject({ failure: 'unusable_data' });
  });

  test('a plain user under a 0700 home with a package of root without links', async ({ skip }) => {
    skip(!IS_ROOT, NEEDS_ROOT);
    const home = await directories.make(0o700);
    const foreign = await directories.make();
    const packageDir = await copyPackage(foreign);
    await deleteLinks(packageDir);
    await chown(home, PLAIN_UID, PLAIN_UID);
    const dataDir = join(home, 'data');
    const { child, url } = await startChild({ dataDir, packageDir, uid: PLAIN_UID });
    await query(url, 'CREATE TABLE note AS SELECT 42 AS answer');
    expect((await stat(dataOf(dataDir))).uid).toBe(PLAIN_UID);
    await killHard(child);
    expect(await emptiedWithin(dataOf(dataDir), 3000)).not.toBeNull();
    const again = await startChild({ dataDir, packageDir, uid: PLAIN_UID });
    expect(await query(again.url, 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
  });

  test('a plain user is told when the data are those of root', async ({ skip }) => {
    skip(!IS_ROOT, NEEDS_ROOT);
    const dataDir = await directories.make();
    await (await start(dataDir)).stop();
    const packageDir = await copyPackageFor(await directories.make(), 2);
    await expect(startChild({ dataDir, uid: 2, packageDir })).rejects.toThrow(/belongs to uid 0: start as that user/);
  });
});

async function copyPackageFor(parent: string, uid: number): Promise<string> {
  const copy = await copyPackage(parent);
  await giveTree(copy, uid);
  return copy;
}
