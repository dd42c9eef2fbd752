import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../test/support/project-files.ts';
import { withTemporaryTree } from '../test/support/temporary-tree.ts';

const hello = {
  'src/main/hello.ts': `import { readFileSync } from 'node:fs';\nimport { word } from './word.ts';\nconst file = new URL('./name.json', import.meta.url);\nconsole.log(word, readFileSync(file, 'utf8'), process.argv.slice(2).join());\n`,
  'src/main/word.ts': `export const word: string = 'hello';\n`,
  'src/main/word.test.ts': `export const notForProduction = true;\n`,
  'src/main/word.suite.ts': `export const notForProduction = true;\n`,
  'src/main/name.json': 'park',
  'package.json': JSON.stringify({ type: 'module', engines: { node: '>=20.0.0' } }),
};

/** A small project with the real tools and packages. */
function inProject(use: (root: string) => Promise<void>): Promise<void> {
  return withTemporaryTree(hello, async (root) => {
    await mkdir(join(root, 'tools'));
    for (const tool of ['build.mjs', 'run.mjs'])
      await copyFile(join(projectRoot, 'tools', tool), join(root, 'tools', tool));
    for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json']) {
      await copyFile(join(projectRoot, file), join(root, file));
    }
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    await use(root);
  });
}

const runProgram = (root: string, ...programArguments: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, ['tools/run.mjs', ...programArguments], { cwd: root });

describe('starting from sources', () => {
  test('the first start builds, the second does not, and a change builds again', () =>
    inProject(async (root) => {
      expect(await runProgram(root, 'hello', 'you')).toEqual({ stdout: 'hello park you\n', stderr: 'Building…\n' });
      expect(await runProgram(root, 'hello')).toEqual({ stdout: 'hello park \n', stderr: '' });
      await writeFile(join(root, 'src/main/word.ts'), `export const word = 'welcome';\n`);
      expect(await runProgram(root, 'hello')).toEqual({ stdout: 'welcome park \n', stderr: 'Building…\n' });
      expect(await readdir(join(root, 'dist/main'))).toEqual(['hello.js', 'name.json', 'word.js']);
      expect(await readdir(join(root, '.build'))).toEqual([]);
    }));

  test('for tests what matches stays, and what does not is built', () =>
    inProject(async (root) => {
      const build = () =>
        spawnSync(process.execPath, ['tools/build.mjs', '--if-stale'], { cwd: root, encoding: 'utf8' }).stderr;
      expect([build(), build()]).toEqual(['Building…\n', '']);
      await writeFile(join(root, 'src/main/word.ts'), `export const word = 'welcome';\n`);
      expect([build(), build()]).toEqual(['Building…\n', '']);
    }));

  test('of several starts at once one builds and all run', () =>
    inProject(async (root) => {
      const starts = await Promise.all(Array.from({ length: 4 }, () => runProgram(root, 'hello')));
      expect(starts.map(({ stdout }) => stdout)).toEqual(Array(4).fill('hello park \n'));
      expect(starts.filter(({ stderr }) => stderr !== '')).toHaveLength(1);
    }));

  test('what a killed build left behind does not stop the next one', () =>
    inProject(async (root) => {
      const { pid } = spawnSync(process.execPath, ['--version']);
      await mkdir(join(root, '.build/half'), { recursive: true });
      await writeFile(join(root, '.build/lock'), String(pid));
      expect((await runProgram(root, 'hello')).stdout).toBe('hello park \n');
      expect(await readdir(join(root, '.build'))).toEqual([]);
    }));

  test('a build that fails leaves the last good one in place', () =>
    inProject(async (root) => {
      await runProgram(root, 'hello');
      const before = await readFile(join(root, 'dist/.stamp'), 'utf8');
      await writeFile(join(root, 'src/main/word.ts'), `export const word: string = 7;\n`);
      const build = spawnSync(process.execPath, ['tools/build.mjs'], { cwd: root, encoding: 'utf8' });
      expect(build.status).toBe(1);
      expect(build.stderr).toContain("Type 'number' is not assignable to type 'string'");
      expect(await readFile(join(root, 'dist/.stamp'), 'utf8')).toBe(before);
    }));

  test('without packages it says what to do', () =>
    inProject(async (root) => {
      await rm(join(root, 'node_modules'));
      await expect(runProgram(root, 'hello')).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('npm ci'),
      });
      expect(existsSync(join(root, 'dist'))).toBe(false);
    }));

  test('a build without sources, as in an image, is used as it is', () =>
    inProject(async (root) => {
      await runProgram(root, 'hello');
      await rename(join(root, 'src'), join(root, 'gone'));
      expect((await runProgram(root, 'hello')).stdout).toBe('hello park \n');
    }));
});
