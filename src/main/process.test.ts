import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const PHONE = '+996555123456';

test.each([
  ['thrown', 'throw error'],
  ['rejected', 'Promise.reject(error)'],
])('an error that nobody handles ends the process, and nothing personal of it is written: %s', (_how, bug) => {
  const program = `
    import { runProcess } from './src/main/process.ts';
    const error = Object.assign(new Error('row of ${PHONE}'), { code: '23505', detail: 'Key (phone)=(${PHONE}) exists' });
    await runProcess(async () => ({ stop: async () => undefined }));
    setTimeout(() => { ${bug}; });
    setTimeout(() => undefined, 60_000);`;
  const words = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, expect.stringContaining('"code":"23505"')]);
  expect(stdout + stderr).not.toContain(PHONE.slice(4));
});
