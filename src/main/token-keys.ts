import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Job } from '../infrastructure/module.ts';
import { oldKeyFilesOf, retireKey, rotateKey } from '../infrastructure/keys/key-ring.ts';
import { MS_A_DAY } from '../kernel/time.ts';
import type { App } from './compose.ts';
import type { Config } from './config.ts';
import { tokenKeyFile } from './secrets.ts';

/** How often what signs looks whether another key does by now. Who verifies looks when it meets a key that it does not know. */
const LOOK_MS = 10_000;
/** How old a key that the program made becomes where nothing else is said, in days. */
const OWN_KEY_DAYS = 90;
/** How long tokens of a key are good after it was replaced, in ms: longer than any of them lives. */
const OVERLAP_MS = 3_600_000;

type Place = Pick<App, 'config' | 'clock' | 'log'>;

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

const ageMs = async (file: string, nowMs: number): Promise<number> => nowMs - (await stat(file)).mtimeMs;

const canWrite = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

/**
 * Puts another key in the place of one that is too old, and ends those that were replaced so long ago that no token of theirs is left.
 * Where the folder cannot be written, whoever keeps the key there changes it.
 */
export async function rotateWhenOld({ config, clock, log }: Place): Promise<void> {
  const [days, file] = [daysOf(config), tokenKeyFile(config)];
  if (days === null || !(await canWrite(dirname(file)))) return;
  const nowMs = clock.now();
  for (const old of await oldKeyFilesOf(file)) {
    const keyId = old.slice(-'01234567.pem'.length, -'.pem'.length);
    if ((await ageMs(old, nowMs)) > OVERLAP_MS && (await retireKey(file, keyId)))
      log.info({ keyId }, 'an old key of access tokens is gone');
  }
  if ((await ageMs(file, nowMs)) <= days * MS_A_DAY) return;
  const rotated = await rotateKey(file);
  log.info(rotated, 'another key signs access tokens');
}

export const tokenKeyJob = (place: Place): Job => ({
  name: 'rotate the key of access tokens',
  everyMs: OVERLAP_MS,
  runsAt: 'everywhere',
  run: () => rotateWhenOld(place),
});
