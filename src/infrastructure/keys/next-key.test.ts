import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureSigningKey } from './key-files.ts';
import { ensureNextKey, installNextKey } from './next-key.ts';

test('the next key is made once, beside the one in force, and stands in its place when it is installed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skypark-next-key-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'node.pem');
  const { kid } = await ensureSigningKey(file);
  const next = await ensureNextKey(file);
  expect(next.kid).not.toBe(kid);
  // A crash before it is installed: the same one goes on.
  expect((await ensureNextKey(file)).kid).toBe(next.kid);
  expect((await ensureSigningKey(file)).kid).toBe(kid);
  await installNextKey(file);
  expect((await ensureSigningKey(file)).kid).toBe(next.kid);
  expect(await readdir(folder)).toEqual(['node.pem']);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await ensureNextKey(file)).kid).not.toBe(next.kid);
});
