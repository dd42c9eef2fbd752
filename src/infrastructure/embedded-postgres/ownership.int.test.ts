import { chown, lchown, link, lstat, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { eraseEmbeddedPostgres } from './home.ts';
import { startEmbeddedPostgres } from './start-embedded-postgres.ts';
import type { EmbeddedPostgres } from './start-embedded-postgres.ts';
import { TemporaryDirectories, quick, refusalOf } from '../../../test/support/embedded-postgres.ts';

const NEEDS_ROOT = 'only root can set up other accounts';
const PLAIN_UID = 65_534;

const directories = new TemporaryDirectories();
const running: EmbeddedPostgres[] = [];

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    ...quick,
    dataDir,
    sharedDir: join(await directories.make(), 'shared'),
  });
  running.push(server);
  return server;
}

/** A directory of a plain user, with whatever they put into it. */
async function plainUsersDirectory(): Promise<string> {
  const dataDir = join(await directories.make(), 'data');
  await mkdir(dataDir);
  await chown(dataDir, PLAIN_UID, PLAIN_UID);
  return dataDir;
}

/** A file of ours that nobody else could change by themselves. */
async function precious(): Promise<string> {
  const file = join(await directories.make(), 'precious');
  await writeFile(file, 'keep me\n');
  return file;
}

afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));
afterAll(() => directories.removeAll());

describe.skipIf(process.getuid?.() !== 0)(`whose data they are (${NEEDS_ROOT})`, { timeout: 60_000 }, () => {
  test('root refuses a data directory of a plain user and leaves it as it is', async () => {
    const dataDir = await plainUsersDirectory();
    const refusal = await refusalOf(start(dataDir));
    expect(refusal.failure).toBe('unusable_data');
    expect(refusal.message).toContain(`${dataDir} belongs to uid ${PLAIN_UID}: start as that user`);
    expect(await readdir(dataDir)).toEqual([]);
    expect((await stat(dataDir)).mode & 0o777).toBe(0o755);
  });

  test('root refuses a link that a plain user put in the place of the data directory', async () => {
    const [parent, target] = [await plainUsersDirectory(), await directories.make()];
    await symlink(target, join(parent, 'postgres'));
    await chown(target, 0, 0);
    await lchown(join(parent, 'postgres'), PLAIN_UID, PLAIN_UID);
    expect((await refusalOf(start(join(parent, 'postgres')))).message).toContain(`belongs to uid ${PLAIN_UID}`);
    expect(await readdir(target)).toEqual([]);
  });

  test('a planted location leads nobody: nothing is built there, and nothing erased', async () => {
    const [dataDir, file] = [await plainUsersDirectory(), await precious()];
    await writeFile(join(dataDir, 'location'), `${join(file, '..')}\n`);
    expect((await refusalOf(start(dataDir))).message).toContain(`belongs to uid ${PLAIN_UID}`);
    expect((await refusalOf(eraseEmbeddedPostgres(dataDir))).message).toContain(`belongs to uid ${PLAIN_UID}`);
    expect(await readdir(join(file, '..'))).toEqual(['precious']);
  });

  test('a location or a cluster of somebody else in our directory is not ours', async () => {
    for (const name of ['location', 'cluster']) {
      const dataDir = await directories.make();
      if (name === 'location') await writeFile(join(dataDir, name), `${await directories.make()}\n`);
      else await mkdir(join(dataDir, name));
      await chown(join(dataDir, name), PLAIN_UID, PLAIN_UID);
      expect((await refusalOf(start(dataDir))).failure, name).toBe('unusable_data');
    }
  });
});

describe('the lock file', { timeout: 60_000 }, () => {
  test.each([
    ['a link', (file: string, lock: string) => symlink(file, lock)],
    ['another name of a file', (file: string, lock: string) => link(file, lock)],
    ['a directory', (_file: string, lock: string) => mkdir(lock).then(() => undefined)],
  ])('is not %s: the start is refused and the file keeps its content', async (_what, plant) => {
    const [dataDir, file] = [await directories.make(), await precious()];
    await plant(file, join(dataDir, 'lock'));
    const refusal = await refusalOf(start(dataDir));
    expect(refusal.failure).toBe('unusable_data');
    expect(refusal.message).toContain(join(dataDir, 'lock'));
    expect(await readFile(file, 'utf8')).toBe('keep me\n');
  });

  test('may be left over from an earlier start', async () => {
    const dataDir = await directories.make();
    await writeFile(join(dataDir, 'lock'), 'half a no', { mode: 0o600 });
    await start(dataDir);
    expect((await lstat(join(dataDir, 'lock'))).isFile()).toBe(true);
    await rm(join(dataDir, 'lock'), { force: true });
  });
});
