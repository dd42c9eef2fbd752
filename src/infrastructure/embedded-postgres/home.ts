import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXECUTE, canReach } from './account.ts';
import type { Account } from './account.ts';
import { systemCode } from '../system-code.ts';
import { EmbeddedPostgresError } from './error.ts';
import type { EmbeddedPostgresLog } from './log.ts';
import { ownedDirectory, refuseForeign } from './owned-directory.ts';
import { readOwnFile } from './owned-file.ts';

/**
 * Where everything of one embedded server lies: `lock`, and `cluster` with `password` (mode 0600) and `data` (what
 * PostgreSQL calls the data directory). Usually the directory the caller named.
 */
export type Home = {
  readonly path: string;
  readonly data: string;
  readonly cluster: string;
  readonly lock: string;
  /** Who runs the server; null is the current user. */
  readonly account: Account | null;
  /** Where copies of the binaries may be kept; answered only when one is needed. */
  readonly cacheDir: () => Promise<string>;
};

const WALK_ONLY = 0o711;

const ownerOf = (path: string): Promise<Account | null> =>
  stat(path).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => null,
  );

/** Makes the directory that root's servers share, or a private one where that place cannot be written. */
async function usableSharedDir(sharedDir: string): Promise<string> {
  try {
    return await ownedDirectory(sharedDir, 0o755);
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    return await ownedDirectory(join(await realpath(tmpdir()), 'skypark-root'), 0o755);
  }
}

/** Where `location` leads. Only for a directory of the current user: anybody else could send us anywhere. */
async function readPointer(dataDir: string): Promise<string | null> {
  const text = await readOwnFile(join(dataDir, 'location')).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : text.trim();
}

/** Writes the pointer unless another start was faster; answers the one that stands. */
async function writePointer(dataDir: string, target: string): Promise<string> {
  const draft = join(dataDir, `location.${randomBytes(6).toString('hex')}`);
  await writeFile(draft, `${target}\n`, { flag: 'wx', flush: true });
  try {
    await link(draft, join(dataDir, 'location'));
    return target;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return (await readPointer(dataDir)) ?? target;
  } finally {
    await rm(draft, { force: true });
  }
}

async function placeElsewhere(dataDir: string, sharedDir: string, log: EmbeddedPostgresLog): Promise<string> {
  const mine = await mkdtemp(join(await usableSharedDir(sharedDir), 'postgres-'));
  await chmod(mine, WALK_ONLY);
  const standing = await writePointer(dataDir, mine);
  if (standing !== mine) await rm(mine, { recursive: true });
  log.info(`${dataDir} lies behind a directory that only root may enter: the database is kept in ${standing}`);
  return standing;
}

async function placeOf(
  dataDir: string,
  account: Account | null,
  sharedDir: string,
  log: EmbeddedPostgresLog,
): Promise<string> {
  const pointer = await readPointer(dataDir);
  if (pointer !== null) {
    if ((await ownerOf(pointer)) !== null) return await ownedDirectory(pointer, WALK_ONLY);
    const message = `The database of ${dataDir} was kept in ${pointer}, which is gone: bring it back, or delete ${dataDir} to start empty.`;
    throw new EmbeddedPostgresError('unusable_data', message);
  }
  if (await canReach(dataDir, account, EXECUTE)) return dataDir;
  if ((await ownerOf(join(dataDir, 'cluster'))) === null) return await placeElsewhere(dataDir, sharedDir, log);
  const message = `The database in ${dataDir} belongs to an account that may not enter the directories above it: open them (chmod o+x), or set DATABASE_URL.`;
  throw new EmbeddedPostgresError('unusable_data', message);
}

/**
 * Finds the home of the server of `dataDir`, or makes one: in `dataDir`, or under `sharedDir` when the server's account
 * cannot walk to it, as in a checkout under root's home. A file `location` in `dataDir` remembers the latter. Refuses a
 * directory of another user, who could lead us anywhere.
 */
export async function findHome(
  dataDir: string,
  fallbackAccount: Account | null,
  sharedDir: string,
  log: EmbeddedPostgresLog,
): Promise<Home> {
  await refuseForeign(dataDir);
  await mkdir(dataDir, { recursive: true });
  const named = await realpath(dataDir);
  const iAmRoot = fallbackAccount !== null;
  if (iAmRoot) await chmod(named, WALK_ONLY);
  await refuseForeign(join(named, 'cluster'));
  // The data stay with the account they were made for, even when another one would be chosen today.
  const localOwner = iAmRoot ? await ownerOf(join(named, 'cluster', 'data')) : null;
  const path = await placeOf(named, localOwner ?? fallbackAccount, sharedDir, log);
  const cluster = join(path, 'cluster');
  await refuseForeign(cluster);
  const data = join(cluster, 'data');
  return {
    path,
    cluster,
    data,
    lock: join(path, 'lock'),
    account: iAmRoot ? ((await ownerOf(data)) ?? fallbackAccount) : null,
    cacheDir: async () => join(iAmRoot ? await usableSharedDir(sharedDir) : path, 'binaries'),
  };
}

/** Deletes a stopped server's data for ever, wherever they are kept, and `dataDir` itself. */
export async function eraseEmbeddedPostgres(dataDir: string): Promise<void> {
  await refuseForeign(dataDir);
  const pointer = await readPointer(dataDir);
  if (pointer !== null && (await ownerOf(pointer)) !== null) {
    await rm(await ownedDirectory(pointer, WALK_ONLY), { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
}
