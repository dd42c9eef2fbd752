import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureKeyPair } from './key-pair.ts';

test('a key pair is made once, privately, and many first callers agree on it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'keys', 'merchant.pem');
  const pairs = await Promise.all([ensureKeyPair(file), ensureKeyPair(file), ensureKeyPair(file)]);
  expect(new Set(pairs.map((pair) => pair.privateKeyPem)).size).toBe(1);
  expect(await ensureKeyPair(file)).toEqual(pairs[0]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'keys'))).toEqual(['merchant.pem']);
  const key = createPrivateKey(pairs[0].privateKeyPem);
  expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
});
