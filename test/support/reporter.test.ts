import { spawnSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './project-files.ts';
import { withTemporaryTree } from './temporary-tree.ts';

const config = `
import { SummaryReporter } from '${join(projectRoot, 'test/support/reporter.ts')}';
export default { test: { reporters: [new SummaryReporter()], include: ['*.test.ts'], globalSetup: ['setup.ts'] } };
`;
const vitestImport = `import { afterAll, beforeAll, describe, expect, test } from 'vitest';\n`;
const passing = `${vitestImport}test('passes', () => { expect(1).toBe(1); });\n`;
const quietSetup = 'export const setup = () => undefined;\n';

function runTests(
  files: Readonly<Record<string, string>>,
): Promise<{ exitCode: number | null; lines: readonly string[] }> {
  const whole = { 'package.json': '{"type":"module"}', 'vitest.config.ts': config, 'setup.ts': quietSetup, ...files };
  return withTemporaryTree(whole, async (root) => {
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    const program = join(projectRoot, 'node_modules/.bin/vitest');
    const { status, stdout } = spawnSync(program, ['run'], { cwd: root, encoding: 'utf8' });
    return { exitCode: status, lines: stdout.trimEnd().split('\n') };
  });
}

test('a green run ends with the one line; a skip is counted and its reason is shown', async () => {
  const skipping = `${vitestImport}test('waits', (context) => { context.skip('no second server'); });\n`;
  const { exitCode, lines } = await runTests({ 'a.test.ts': passing, 'b.test.ts': skipping });
  expect(lines).toContain('skipped 1: no second server');
  expect(lines.at(-1)).toBe('1 passed, 0 failed, 1 skipped');
  expect(exitCode).toBe(0);
});

test('a failed test, a broken hook, a lost rejection and a file that does not load are each counted once', async () => {
  const { exitCode, lines } = await runTests({
    'test.test.ts': `${vitestImport}test('x', () => { expect(1).toBe(2); });`,
    'before.test.ts': `${vitestImport}beforeAll(() => { throw new Error('x'); }); test('never runs', () => {});`,
    'after.test.ts': `${vitestImport}afterAll(() => { throw new Error('x'); }); test('passes', () => {});`,
    'rejection.test.ts': `${vitestImport}test('passes', () => { void Promise.reject(new Error('x')); });`,
    'import.test.ts': `import './nowhere.ts';`,
    'a.test.ts': passing,
  });
  expect(lines.at(-1)).toBe('3 passed, 5 failed, 1 skipped');
  expect(exitCode).toBe(1);
});

test('a run that could not be set up is not a green one', async () => {
  const broken = `export const setup = () => { throw new Error('no server'); };\n`;
  const { exitCode, lines } = await runTests({ 'a.test.ts': passing, 'setup.ts': broken });
  expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  expect(exitCode).toBe(1);
});
