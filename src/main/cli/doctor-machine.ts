import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { checkMarkerFile } from '../../infrastructure/event-store/marker-file.ts';
import type { Config } from '../config.ts';
import { keysFolder } from '../secrets.ts';
import { bad, finished, good, poor, type CheckUp } from './check-up.ts';
import { systemCode } from '../../infrastructure/system-code.ts';

const MEGABYTE = 1024 * 1024;
const LITTLE_MEGABYTES = 1024;
const TOO_LITTLE_MEGABYTES = 100;

const isMissing = (error: unknown): boolean => systemCode(error) === 'ENOENT';

async function dataDirectory({ dataDir }: Config) {
  const found = await stat(dataDir).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (found === null) return good(`${dataDir} is not there yet; the first start makes it`);
  if (!found.isDirectory()) return bad(`${dataDir} is no folder`, 'move it away, or name another SKYPARK_DATA_DIR');
  if ((found.mode & 0o022) !== 0) return bad(`${dataDir} can be written by others`, `chmod go-w ${dataDir}`);
  return good(`${dataDir} is written by its owner alone`);
}

/** Files with private keys: those that are configured, and those this program made. */
async function privateKeyFiles(config: Config): Promise<readonly string[]> {
  const { jwtPrivateKeyFile, admissionKeyFile, masterKeyFile, nodeKeyFile, elqr } = config;
  const named = [jwtPrivateKeyFile, admissionKeyFile, masterKeyFile, nodeKeyFile, elqr.signingKeyFile];
  const folder = keysFolder(config);
  const made = await readdir(folder).catch(() => []);
  return [...named.filter((file) => file !== null), ...made.map((name) => join(folder, name))];
}

async function keyFiles(config: Config) {
  const files = await privateKeyFiles(config);
  if (files.length === 0) return good('none yet; the first start makes them');
  const open: string[] = [];
  for (const file of files) if (((await stat(file)).mode & 0o077) !== 0) open.push(file);
  if (open.length > 0) return bad(`others can read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`);
  return good(`${files.length} files that their owner alone can read`);
}

/** Outside of the database, so that one that is put back is noticed. */
async function marker({ dataDir, markerFile }: Config) {
  const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
  // The first start makes both.
  if (!(await isThere(dataDir)) && !(await isThere(markerFile))) return good(`${markerFile} is not there yet`);
  try {
    await checkMarkerFile(markerFile);
    return good(`${markerFile} can be written`);
  } catch (error) {
    return bad((error as Error).message, 'as long as it cannot be, a park tells headquarters nothing');
  }
}

/** How many bytes a folder's disk has left for us. */
type FreeBytes = (folder: string) => Promise<number>;

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder).catch(() => statfs('.'));
  return bavail * bsize;
}

async function diskSpace({ dataDir }: Config, freeOf: FreeBytes) {
  const free = Math.floor((await freeOf(dataDir)) / MEGABYTE);
  const text = `${free} MB free for ${dataDir}`;
  if (free < TOO_LITTLE_MEGABYTES) return bad(text, 'make room');
  return free < LITTLE_MEGABYTES ? poor(text, 'make room soon') : good(text);
}

export const machineCheckUps = async (config: Config, freeOf = freeBytes): Promise<readonly CheckUp[]> => [
  await finished('data directory', () => dataDirectory(config)),
  await finished('key files', () => keyFiles(config), {
    state: 'bad',
    mend: 'put the file there, or correct its name',
  }),
  await finished('marker', () => marker(config)),
  await finished('disk', () => diskSpace(config, freeOf)),
];
