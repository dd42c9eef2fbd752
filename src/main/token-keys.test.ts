import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { configOf, localSettings, temporaryDataDir } from '../../test/support/product.ts';
import { ensureSigningKey } from '../infrastructure/keys/key-files.ts';
import { rotateKey } from '../infrastructure/keys/key-ring.ts';
import { MS_A_DAY } from '../kernel/time.ts';
import { loadSecrets, tokenKeyFile } from './secrets.ts';
import { rotateWhenOld } from './token-keys.ts';

const dataFolder = (): Promise<string> =>
  temporaryDataDir((work) =>
    onTestFinished(async () => {
      await work();
    }),
  );

async function place(given: (dataDir: string) => Readonly<Record<string, string>> = () => ({})) {
  const dataDir = await dataFolder();
  const config = configOf(await localSettings(dataDir, given(dataDir)));
  const file = tokenKeyFile(config);
  const { kid: first } = await ensureSigningKey(file);
  const named = async (): Promise<readonly string[]> =>
    (await readdir(dirname(file))).filter((name) => name.includes('token'));
  const oldFile = async (): Promise<string> => {
    const [name = ''] = (await named()).filter((each) => each.includes('-old-'));
    return join(dirname(file), name);
  };
  return {
    file,
    first,
    named,
    oldFile,
    signing: async () => (await ensureSigningKey(file)).kid,
    good: async () => (await loadSecrets(config)).accessTokenKeys.all().map(({ kid }) => kid),
    /** As if the file were so old. */
    async age(which: string, ms: number): Promise<void> {
      const then = new Date(Date.now() - ms);
      await utimes(which, then, then);
    },
    round: () => rotateWhenOld({ config, log: pino({ level: 'silent' }) }),
  };
}

test('a key of access tokens that the program made gives way after 90 days, and is gone an hour later', async () => {
  const { file, first, named, oldFile, signing, good, age, round } = await place();
  await age(file, 89 * MS_A_DAY);
  await round();
  expect(await signing()).toBe(first);
  await age(file, 91 * MS_A_DAY);
  await round();
  expect(await signing()).not.toBe(first);
  expect(await good()).toEqual([await signing(), first]);
  await age(await oldFile(), 3_500_000);
  await round();
  expect(await good()).toContain(first);
  // Also where nobody takes its file away.
  await age(await oldFile(), 3_700_000);
  expect(await good()).toEqual([await signing()]);
  await round();
  expect(await named()).toEqual(['access-token.pem']);
});

test('a key that was handed in stays as long as nothing else is said, and what was rotated by hand is gone an hour later', async () => {
  const { file, first, named, oldFile, signing, age, round } = await place((dataDir) => ({
    JWT_PRIVATE_KEY_FILE: join(dataDir, 'token.pem'),
  }));
  await age(file, 400 * MS_A_DAY);
  await round();
  expect(await signing()).toBe(first);
  await rotateKey(file);
  await round();
  expect(await named()).toHaveLength(2);
  await age(await oldFile(), 3_700_000);
  await round();
  expect(await named()).toEqual(['token.pem']);
});

test('as many days as are set, and of two that do it at once one does', async () => {
  const { file, first, named, signing, age, round } = await place(() => ({ JWT_KEY_DAYS: '7' }));
  await age(file, 8 * MS_A_DAY);
  const both = await Promise.allSettled([round(), round()]);
  expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  expect(await signing()).not.toBe(first);
  expect(await named()).toHaveLength(2);
});

test('a lock that a crash left behind counts for a minute, and files keep their owner', async () => {
  const { file, first, signing, age, oldFile } = await place();
  await writeFile(`${file}.lock`, 'somebody');
  await expect(rotateKey(file)).rejects.toThrow('is being replaced by somebody else');
  await age(`${file}.lock`, 61_000);
  await rotateKey(file);
  expect(await signing()).not.toBe(first);
  const { uid, gid, mode } = await stat(dirname(file));
  for (const made of [file, await oldFile()]) expect(await stat(made)).toMatchObject({ uid, gid });
  expect(mode & 0o077).toBe(0);
});

test('of the other keys that are named one that cannot be read stops none of the rest', async () => {
  const dataDir = await dataFolder();
  const [next, gone] = [join(dataDir, 'own', 'next.pem'), join(dataDir, 'own', 'gone.pem')];
  await mkdir(dirname(next), { mode: 0o700 });
  const [{ kid }, { kid: goneKid }] = [await ensureSigningKey(next), await ensureSigningKey(gone)];
  const config = configOf(await localSettings(dataDir, { JWT_OTHER_KEY_FILES: `${gone},${next}` }));
  const { accessTokenKeys } = await loadSecrets(config);
  expect(accessTokenKeys.all().map((key) => key.kid)).toEqual([accessTokenKeys.signing().kid, goneKid, kid]);
  await writeFile(gone, 'no key');
  await expect(accessTokenKeys.look()).rejects.toThrow('holds no key in PEM');
  expect(accessTokenKeys.all().map((key) => key.kid)).toEqual([accessTokenKeys.signing().kid, kid]);
  expect(accessTokenKeys.wasGood(goneKid)).toBe(true);
});
