import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { examineConfig, loadConfig } from '../config.ts';
import { explainSettings } from './explain.ts';
import { flagOf, splitArguments } from './flags.ts';
import { referenceRows } from './reference.ts';
import { settings } from './table.ts';
import { textOf } from './values.ts';

const folder = mkdtempSync(join(tmpdir(), 'skypark-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileOf(text: string): string {
  const file = join(folder, `file-${(files += 1)}`);
  writeFileSync(file, text);
  return file;
}

type Environment = Parameters<typeof examineConfig>[0];

const faultsOf = (environment: Environment, flags: readonly string[] = []): readonly string[] =>
  examineConfig(environment, flags).faults;

/** What is explained of one setting: its value and where it comes from. */
function explained(name: string, environment: Environment, flags: readonly string[] = []): readonly string[] {
  const text = explainSettings(examineConfig(environment, flags).given);
  const line = text.split('\n').find((one) => one.startsWith(`${name} `)) ?? '';
  return line.split(/ {2,}/).slice(1);
}

describe('the table', () => {
  test('has a default of the same kind as what can be given', () => {
    for (const [name, { kind, fallback }] of settings) {
      const text = textOf(name, new Map());
      expect(text === null ? fallback : kind.read(text), name).toEqual(text === null ? null : expect.anything());
    }
  });

  test('gives every setting a place, a flag and a meaning of its own', () => {
    const flags = settings.map(([name]) => flagOf(name));
    const paths = settings.flatMap(([, { path }]) => path ?? []);
    expect(new Set(flags).size).toBe(settings.length);
    expect(new Set(paths).size).toBe(settings.length - 1);
    for (const cells of referenceRows()) expect(cells[5]).not.toBe('');
  });
});

describe('flags', () => {
  test('win over the environment, which wins over the file', () => {
    const SKYPARK_CONFIG = fileOf('server:\n  port: 1\n  read_timeout: 1\n  write_timeout: 1\n');
    const environment = { SKYPARK_CONFIG, PORT: '2', READ_TIMEOUT: '2' };
    expect(loadConfig(environment, ['--port', '3'])).toMatchObject({
      port: 3,
      readTimeoutMs: 2000,
      writeTimeoutMs: 1000,
    });
  });

  test('are the names of the variables in kebab-case, with their prefix or without', () => {
    expect(loadConfig({}, ['--data-dir=/a', '--skypark-node-id', 'park-1'])).toMatchObject({
      dataDir: '/a',
      nodeId: 'park-1',
    });
    expect(loadConfig({}, ['--redis-url', 'redis://cache:6379']).redisUrl).toBe('redis://cache:6379');
    expect(loadConfig({}, ['--config', fileOf('server: { port: 9 }')]).port).toBe(9);
    expect(loadConfig({}, ['--metrics-token-file', fileOf('token\n')]).metricsToken).toBe('token');
  });

  test.each([
    [['--prot', '80'], '--prot is not a setting of this program'],
    [['-p', '80'], '-p is not a setting of this program'],
    [['--port'], '--port needs a value'],
    [['--port', '--host', '::1'], '--port needs a value'],
    [['--port='], '--port needs a value'],
    [['--port', '1', '--port', '2'], '--port is given twice; keep one'],
    [['--port', 'many'], '--port must be a whole number from 0 to 65535, not "many"'],
    [['80'], 'the command line has words that belong to no flag: settings read --name value or --name=value'],
  ])('%j is a fault in words of its own', (flags, fault) => {
    expect(faultsOf({}, flags)).toEqual([fault]);
  });

  test('of a program with words of its own are told apart from them', () => {
    expect(splitArguments(['check', '--drained', '--port', '1', '--host=::1', '--journal', 'facts'])).toEqual({
      flags: ['--port', '1', '--host=::1'],
      rest: ['check', '--drained', '--journal', 'facts'],
    });
  });
});

describe('the YAML file', () => {
  test('says texts: what looks like a number or a truth stays as it was written', () => {
    const SKYPARK_CONFIG = fileOf('admin:\n  phone: 0555123456\n  password: 1e3\nmetrics:\n  token: no\n');
    const config = loadConfig({ SKYPARK_CONFIG });
    expect(config.firstAdmin).toEqual({ phone: '0555123456', password: '1e3' });
    expect(config.metricsToken).toBe('no');
  });

  test('names files of secrets beside them', () => {
    const SKYPARK_CONFIG = fileOf(`metrics:\n  token_file: ${fileOf('token\n')}\n`);
    expect(loadConfig({ SKYPARK_CONFIG }).metricsToken).toBe('token');
    const both = fileOf(`metrics:\n  token: a\n  token_file: ${fileOf('token\n')}\n`);
    expect(faultsOf({ SKYPARK_CONFIG: both })).toHaveLength(1);
  });

  test('is named in a fault with the place, the variable and the line', () => {
    const file = fileOf('server:\n  port: many\n');
    expect(faultsOf({ SKYPARK_CONFIG: file })).toEqual([
      `"server.port" of ${file} (PORT) must be a whole number from 0 to 65535, not "many"`,
    ]);
    const broken = fileOf('server:\n  port: 1\n  port: 2\nlog: [\n');
    expect(faultsOf({ SKYPARK_CONFIG: broken }).join()).toContain(`${broken} is not YAML: line 3, duplicate key`);
  });

  test('with an unknown key is refused though the key is empty', () => {
    expect(faultsOf({ SKYPARK_CONFIG: fileOf('serverr:\n') })).toHaveLength(1);
  });
});

describe('what was given is explained', () => {
  test('with its value and its source', () => {
    const SKYPARK_CONFIG = fileOf('server:\n  read_timeout: 7\n');
    const environment = { SKYPARK_CONFIG, WRITE_TIMEOUT: '8', METRICS_TOKEN_FILE: fileOf('hunter2') };
    const of = (name: string) => explained(name, environment, ['--port', '9']);
    expect(of('READ_TIMEOUT')).toEqual(['7', `file ${SKYPARK_CONFIG}`]);
    expect(of('WRITE_TIMEOUT')).toEqual(['8', 'environment']);
    expect(of('PORT')).toEqual(['9', 'flag']);
    expect(of('LOG_LEVEL')).toEqual(['info', 'default']);
    expect(of('PUBLIC_URL')).toEqual(['http://127.0.0.1:9', 'default']);
    expect(of('DATABASE_URL')).toEqual(['(the embedded database)', 'default']);
    expect(of('METRICS_TOKEN')).toEqual(['(hidden)', `environment: the file ${environment.METRICS_TOKEN_FILE}`]);
    expect(
      explained('DATABASE_URL', { DATABASE_URL: 'postgres://me:hunter2@db:5432/skypark?password=hunter2' }),
    ).toEqual(['postgres://…@db:5432/skypark', 'environment']);
  });
});

test('a secret in a file is one: a file that a failed mount left empty is told', () => {
  for (const nothing of ['', '\n', '\r\n']) {
    expect(faultsOf({ METRICS_TOKEN_FILE: fileOf(nothing) })).toEqual([
      'METRICS_TOKEN_FILE names a file with nothing in it',
    ]);
  }
});

const SECRET = 'hunter2';

test.each<readonly [string, Environment, readonly string[]]>([
  ...settings
    .filter(([, { isSecret }]) => isSecret)
    .flatMap(([name]): readonly (readonly [string, Environment, readonly string[]])[] => [
      [`${name} that is no good`, { [name]: `${SECRET} :// @` }, []],
      [`${name} in the place of its file`, { [`${name}_FILE`]: SECRET }, []],
      [`${name} as a flag that was spelt wrong`, {}, [`${flagOf(name)}s`, SECRET]],
      [`${name} as such a flag with =`, {}, [`${flagOf(name)}s=${SECRET}`]],
    ]),
  ['an address with a password', { PUBLIC_URL: `https://me:${SECRET}@park.example`, SKYPARK_MODE: 'demo' }, []],
  ['an alias in YAML', { SKYPARK_CONFIG: fileOf(`metrics:\n  token: *${SECRET}\n`) }, []],
  ['a broken line of YAML', { SKYPARK_CONFIG: fileOf(`metrics:\n  token: "${SECRET}\n`) }, []],
  ['a tag in YAML', { SKYPARK_CONFIG: fileOf(`metrics:\n  token: !${SECRET} x\n`) }, []],
])('nothing that is said repeats a secret: %s', (_what, environment, flags) => {
  const { faults, given } = examineConfig(environment, flags);
  expect([...faults, explainSettings(given)].join('\n')).not.toContain(SECRET);
});
