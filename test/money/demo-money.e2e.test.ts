import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { killTree, outputOf } from '../support/product.ts';
import { projectRoot } from '../support/project-files.ts';

describeWithDatabase('npm run demo:money', () => {
  test('killed twice under 30 purchases with faults of the providers, no money goes astray', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const { PATH = '', HOME = '' } = process.env;
    const size = [
      '--purchases',
      '30',
      '--kills',
      '2',
      '--concurrency',
      '8',
      '--seed',
      '20261126',
      '--fault-rate',
      '0.2',
    ];
    const demo = spawn(process.execPath, ['tools/run.mjs', 'demo-money', ...size, '--database', database.url], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, HOME },
    });
    onTestFinished(() => killTree(demo));
    const { code, text } = await outputOf(demo);
    expect({ code, text }).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^unknown +0\nastray +0\nledger sum +0\.00$/m),
    });
  }, 400_000);
});
