import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { localSettings, outputOf, runProgram, startProgram, temporaryDataDir } from '../support/product.ts';

const run = (name: string, words: readonly string[], settings: Readonly<Record<string, string>>) =>
  outputOf(runProgram(`src/main/${name}.ts`, words, settings));

test('the embedded database is copied while it stands still, and starts again from the copy', async () => {
  const dataDir = await temporaryDataDir();
  const settings = await localSettings(dataDir);
  const folder = join(await temporaryDataDir(), 'copy');
  const running = await startProgram('start', settings);
  const refused = await run('cold-copy', [folder], settings);
  expect([refused.code, refused.text]).toEqual([1, expect.stringMatching(/running|in use|another/i)]);
  running.child.kill('SIGTERM');
  await outputOf(running.child);

  await mkdir(join(dataDir, 'files/children'), { recursive: true });
  await writeFile(join(dataDir, 'files/children/picture'), 'a picture');
  // A disk that is full, by a copier that gives up in the middle.
  const failing = await temporaryDataDir();
  await writeFile(join(failing, 'cp'), '#!/bin/sh\nmkdir "$3"\nexit 1\n', { mode: 0o755 });
  const half = await run('cold-copy', [folder], { ...settings, PATH: `${failing}:${process.env['PATH']}` });
  expect([half.code, await readdir(dirname(folder))]).toEqual([1, []]);

  const made = await run('cold-copy', [folder], settings);
  expect([made.code, made.text]).toEqual([0, expect.stringContaining('with 0 erased subjects')]);
  expect(await readFile(join(folder, 'files/children/picture'), 'utf8')).toBe('a picture');
  expect(await readFile(join(folder, 'erasures.csv'), 'utf8')).toBe('');
  expect((await run('cold-copy', [folder], settings)).text).toContain('is there already');

  const anew = await temporaryDataDir();
  await mkdir(join(anew, 'postgres'));
  spawnSync('cp', ['-a', join(folder, 'cluster'), join(anew, 'postgres/cluster')]);
  await cp(join(dataDir, 'keys'), join(anew, 'keys'), { recursive: true });
  const there = { ...settings, SKYPARK_DATA_DIR: anew };
  const replayed = await run('replay-erasures', [join(folder, 'erasures.csv')], there);
  expect([replayed.code, replayed.text]).toEqual([0, '0 subjects are erased, 0 of them again.\n']);
  const checked = await run('cli', ['check'], there);
  expect([checked.code, checked.text]).toEqual([0, expect.stringContaining('hash chain')]);
}, 180_000);
