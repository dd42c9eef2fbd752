import { expect, test } from 'vitest';
import { localSettings, outputOf, runProgram, temporaryDataDir } from '../../../test/support/product.ts';

const run = (name: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  outputOf(runProgram(`src/main/${name}.ts`, words, environment));

test('the configuration is explained with secrets hidden, and is said to be usable', async () => {
  const { code, text } = await run('explain-config', ['--explain', '--port', '9'], { METRICS_TOKEN: 'hunter2' });
  expect(text).toMatch(/^PORT +9 +flag$/m);
  expect(text).toMatch(/^METRICS_TOKEN +\(hidden\) +environment$/m);
  expect(text).toContain('The configuration is usable.');
  expect(text).not.toContain('hunter2');
  expect(code).toBe(0);
});

test('what is wrong with it ends the explanation, with exit code 2', async () => {
  const { code, text } = await run('explain-config', ['--port', 'many', '--prot', '1']);
  expect(text).toBe(
    'The configuration is not usable:\n' +
      '  - --prot is not a setting of this program\n' +
      '  - --port must be a whole number from 0 to 65535, not "many"\n',
  );
  expect(code).toBe(2);
});

test('every program takes the settings as flags and refuses others', async () => {
  const programs = ['start', 'api', 'worker', 'migrate'];
  const settings = await localSettings(await temporaryDataDir());
  const words = ['--log-level', 'fatal', '--prot', '1', '--db-name', 'x'];
  for (const { code, text } of await Promise.all(programs.map((name) => run(name, words, settings)))) {
    expect(text).toContain('--prot is not a setting of this program');
    expect(text).toContain('DB_HOST is missing');
    expect(code).toBe(2);
  }
});

test('--help lists the flags and starts nothing', async () => {
  const { code, text } = await run('start', ['--help']);
  expect(text).toContain('--database-url VALUE');
  expect(code).toBe(0);
});
