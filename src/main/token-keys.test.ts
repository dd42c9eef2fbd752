import { readdir, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { configOf, localSettings, temporaryDataDir } from '../../test/support/product.ts';
import { createManualClock } from '../infrastructure/clock.ts';
import { ensureSigningKey } from '../infrastructure/keys/key-files.ts';
import { rotateKey } from '../infrastructure/keys/key-ring.ts';
import { MS_A_DAY } from '../kernel/time.ts';
import { tokenKeyFile } from './secrets.ts';
import { rotateWhenOld } from './token-keys.ts';

async function place(given: Readonly<Record<string, string>> = {}) {
  const dataDir = await temporaryDataDir((work) =>
    onTestFinished(async () => {
      await work();
    }),
  );
  const config = configOf(await localSettings(dataDir, given));
  const file = tokenKeyFile(config);
  const first = await ensureSigningKey(file);
  const clock = createManualClock((await stat(file)).mtimeMs);
  return {
    file,
    first,
    clock,
    names: async () => (await readdir(dirname(file))).filter((name) => name.startsWith('access-token')).length,
    round: () => rotateWhenOld({ config, clock, log: pino({ level: 'silent' }) }),
  };
}

test('a key of access tokens that the program made gives way after 90 days, and is gone an hour later', async () => {
  const { file, first, clock, names, round } = await place();
  clock.advance(90 * MS_A_DAY);
  await round();
  expect((await ensureSigningKey(file)).kid).toBe(first.kid);
  clock.advance(60_000);
  await round();
  expect((await ensureSigningKey(file)).kid).not.toBe(first.kid);
  expect(await names()).toBe(2);
  // The files say when that was, by the clock of the machine.
  clock.set((await stat(file)).mtimeMs + 3_500_000);
  await round();
  expect(await names()).toBe(2);
  clock.advance(200_000);
  await round();
  expect(await names()).toBe(1);
});

test('as many days as are set, and two that do it at once leave one key', async () => {
  const { file, first, clock, names, round } = await place({ JWT_KEY_DAYS: '7' });
  clock.advance(7 * MS_A_DAY + 1);
  const done = await Promise.allSettled([rotateKey(file), rotateKey(file)]);
  expect(done.map(({ status }) => status).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['fulfilled', 'rejected']);
  const { kid } = await ensureSigningKey(file);
  expect(kid).not.toBe(first.kid);
  expect(await names()).toBe(2);
  const old = new Date(clock.now() - 8 * MS_A_DAY);
  await utimes(file, old, old);
  await round();
  expect((await ensureSigningKey(file)).kid).not.toBe(kid);
});
