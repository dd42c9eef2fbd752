import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Job } from '../infrastructure/module.ts';
import { keyFileAgeMs, oldKeyFilesOf, retireKey, rotateKeyIf } from '../infrastructure/keys/key-ring.ts';
import { MS_A_DAY } from '../kernel/time.ts';
import type { App } from './compose.ts';
import type { Config } from './config.ts';
import { TOKEN_OVERLAP_MS, tokenKeyFile } from './secrets.ts';

/** How often what signs looks whether another key does by now. Who verifies looks when it meets a key that it does not know. */
const LOOK_MS = 10_000;
/** How old a key that the program made becomes where nothing else is said, in days. */
const OWN_KEY_DAYS = 90;

type Place = Pick<App, 'config' | 'log'>;

/** Signs with the key that is in the files now. */
export function followTokenKeys({ tokenKeys, log }: Pick<App, 'tokenKeys' | 'log'>): { stop(): void } {
  const look = (): Promise<void> =>
    tokenKeys
      .look()
      .catch((error: unknown) =>
        log.error({ err: error }, 'the keys of access tokens cannot be read; those that are known stay'),
      );
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

const daysOf = ({ jwtKeyDays, jwtPrivateKeyFile }: Config): number | null =>
  jwtKeyDays ?? (jwtPrivateKeyFile === null ? OWN_KEY_DAYS : null);

const canWrite = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

async function retireOld(file: string, { log }: Pick<Place, 'log'>): Promise<void> {
  for (const old of await oldKeyFilesOf(file)) {
    const keyId = old.slice(-'01234567.pem'.length, -'.pem'.length);
    if ((await keyFileAgeMs(old)) > TOKEN_OVERLAP_MS && (await retireKey(file, keyId)))
      log.info({ keyId }, 'an old key of access tokens is gone');
  }
}

/**
 * Puts another key in the place of one that is too old, and takes the files of those away that were replaced so long ago that they are good for
 * nothing. Where the folder cannot be written, whoever keeps the key there changes it.
 */
export async function rotateWhenOld({ config, log }: Place): Promise<void> {
  const [days, file] = [daysOf(config), tokenKeyFile(config)];
  if (!(await canWrite(dirname(file)))) {
    if (config.jwtKeyDays !== null)
      log.warn({ file }, 'JWT_KEY_DAYS is set, and the key of access tokens cannot be replaced there');
    return;
  }
  await retireOld(file, { log });
  const isDue = async (): Promise<boolean> => days !== null && (await keyFileAgeMs(file)) > days * MS_A_DAY;
  if (!(await isDue())) return;
  const rotated = await rotateKeyIf(file, isDue);
  if (rotated !== null) log.info(rotated, 'another key signs access tokens');
}

export const tokenKeyJob = (place: Place): Job => ({
  name: 'rotate the key of access tokens',
  everyMs: TOKEN_OVERLAP_MS,
  runsAt: 'everywhere',
  run: () => rotateWhenOld(place),
});
