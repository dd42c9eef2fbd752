import { execFile } from 'node:child_process';
import { access, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createLogger } from '../infrastructure/logging/logger.ts';
import { connectDatabase } from '../infrastructure/postgres/database.ts';
import { erasedSubjects } from '../infrastructure/event-store/subject-keys.ts';
import { statement } from '../infrastructure/postgres/session.ts';
import { loadConfig, type Config } from './config.ts';
import { openServer } from './database-of.ts';
import { filesFolder } from './file-store.ts';
import { runOnce } from './run-once.ts';
import { splitArguments } from './settings/flags.ts';

const DATA = statement('main.data-directory', `select current_setting('data_directory') as data`);

type Found = { readonly data: string; readonly erased: readonly string[] };

/** Where the embedded server has its data, and whose keys it has destroyed; it runs for just as long. */
async function askServer(config: Config): Promise<Found> {
  const server = await openServer(config, createLogger({ level: 'warn' }));
  const database = connectDatabase({
    url: server.url,
    poolSize: 1,
    applicationName: 'skypark-cold-copy',
    onError: () => undefined,
  });
  try {
    const [row] = await database.rows<{ data: string }>(DATA, []);
    return { data: row?.data ?? '', erased: await erasedSubjects(database) };
  } finally {
    await database.close();
    await server.stop();
  }
}

/** With owners and modes: the server runs under an account of its own when the product is root's. */
async function copyFolder(from: string, to: string): Promise<void> {
  if (process.platform === 'win32') await cp(from, to, { recursive: true, preserveTimestamps: true });
  else await promisify(execFile)('cp', ['-a', from, to]);
}

/** @param data of the server */
async function copyAll(config: Config, data: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true, mode: 0o755 });
  // The folder above the data holds the password of the server, too.
  await copyFolder(dirname(data), join(to, 'cluster'));
  const hasPictures = config.s3 === null && (await exists(filesFolder(config)));
  if (hasPictures) await copyFolder(filesFolder(config), join(to, 'files'));
  const isRunning = [data, join(to, 'cluster/data')].map((place) => exists(join(place, 'postmaster.pid')));
  if ((await Promise.all(isRunning)).includes(true)) {
    throw new Error('The product was started meanwhile; the copy is no good and was removed.');
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A copy of the embedded database while nothing runs on it, with the pictures and the list of erasures beside it. */
async function main(): Promise<number> {
  const { flags, rest } = splitArguments(process.argv.slice(2));
  const [target] = rest;
  if (target === undefined || rest.length > 1) throw new Error('Usage: npm run cold-copy -- FOLDER');
  const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env }, flags);
  if (config.databaseUrl !== null) throw new Error('This copies the embedded database; see docs/runbooks for others.');
  const folder = resolve(target);
  if (await exists(folder)) throw new Error(`${folder} is there already`);
  const { data, erased } = await askServer(config);
  const draft = `${folder}.part`;
  try {
    await copyAll(config, data, draft);
    await writeFile(join(draft, 'erasures.csv'), erased.map((id) => `${id}\n`).join(''), { mode: 0o600 });
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  process.stdout.write(`The database is copied to ${folder}, with ${erased.length} erased subjects.\n`);
  return 0;
}

await runOnce(main);
