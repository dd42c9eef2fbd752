import { cp, mkdir, readFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localSettings, outputOf, runSource, startProgram, temporaryDataDir } from '../support/product.ts';

const run = (name: string, words: readonly string[], settings: Readonly<Record<string, string>>) =>
  outputOf(runSource(`src/main/${name}.ts`, words, settings));

test('the embedded database is copied while it stands still, and starts again from the copy', async () => {
  const dataDir = await temporaryDataDir();
  const settings = await localSettings(dataDir);
  const folder = join(await temporaryDataDir(), 'copy');
  const running = await startProgram('start', settings);
  const refused = await run('cold-copy', [folder], settings);
  expect([refused.code, refused.text]).toEqual([1, expect.stringMatching(/running|in use|another/i)]);
  running.child.kill('SIGTERM');
  await outputOf(running.child);

  const made = await run('cold-copy', [folder], settings);
  expect([made.code, made.text]).toEqual([0, expect.stringContaining('with 0 erased subjects')]);
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
