import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { clientConfig } from '../infrastructure/postgres/connection-settings.ts';
import { ConfigFault, loadConfig, type Config } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'skypark-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileOf(text: string): string {
  const file = join(folder, `file-${(files += 1)}`);
  writeFileSync(file, text);
  return file;
}

type Environment = Parameters<typeof loadConfig>[0];

function faultsOf(environment: Environment): readonly string[] {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.faults;
  }
}

const fromYaml = (text: string, environment: Environment = {}) => ({ ...environment, SKYPARK_CONFIG: fileOf(text) });

const PRODUCTION = {
  SKYPARK_MODE: 'production',
  HOST: '0.0.0.0',
  PUBLIC_URL: 'https://park.example',
  DATABASE_URL: 'postgres://skypark:secret@db.example/skypark',
  JWT_PRIVATE_KEY_FILE: '/keys/jwt.pem',
  ADMISSION_KEY_FILE: '/keys/admission.pem',
  MASTER_KEY_FILE: '/keys/master.key',
  METRICS_TOKEN: 'metrics',
  ELQR_BASE_URL: 'https://elqr.example',
  ELQR_API_KEY: 'key',
  ELQR_ACCOUNT_ID: 'account',
  ELQR_SIGNING_KEY_FILE: '/keys/elqr.pem',
  ELQR_WEBHOOK_PUBLIC_KEY_FILE: '/keys/elqr-public.pem',
};

test('nothing needs to be said to try it on this machine', () => {
  expect(loadConfig({ PATH: '/usr/bin', HOME: '/root', constructor: 'x' })).toMatchObject({
    mode: 'demo',
    nodeId: 'hq',
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://127.0.0.1:8080',
    readTimeoutMs: 30_000,
    writeTimeoutMs: 30_000,
    databaseUrl: null,
    databaseSsl: undefined,
    databasePoolSize: 10,
    dataDir: '.skypark',
    trustedProxies: [],
    metricsToken: null,
    logLevel: 'info',
    drainDelayMs: 0,
    sandboxPort: 8090,
  });
});

describe('every setting', () => {
  type Case = readonly [
    variable: string,
    path: string,
    text: string,
    found: (config: Config) => unknown,
    value: unknown,
  ];
  const cases: readonly Case[] = [
    ['HOST', 'server.host', '::1', ({ host }) => host, '::1'],
    ['PORT', 'server.port', '9000', ({ port }) => port, 9000],
    ['READ_TIMEOUT', 'server.read_timeout', '7', ({ readTimeoutMs }) => readTimeoutMs, 7000],
    ['WRITE_TIMEOUT', 'server.write_timeout', '9', ({ writeTimeoutMs }) => writeTimeoutMs, 9000],
    ['PUBLIC_URL', 'server.public_url', 'http://localhost:1/a//', ({ publicUrl }) => publicUrl, 'http://localhost:1/a'],
    ['DATABASE_URL', 'database.url', 'postgres://a@b/c', ({ databaseUrl }) => databaseUrl, 'postgres://a@b/c'],
    ['DB_SSL_MODE', 'database.ssl_mode', 'require', ({ databaseSsl }) => databaseSsl, 'require'],
    ['DB_POOL_SIZE', 'database.pool_size', '33', ({ databasePoolSize }) => databasePoolSize, 33],
    ['JWT_PRIVATE_KEY_FILE', 'jwt.private_key_file', '/a', ({ jwtPrivateKeyFile }) => jwtPrivateKeyFile, '/a'],
    ['JWT_OTHER_KEY_FILES', 'jwt.other_key_files', '/a1', ({ jwtOtherKeyFiles }) => jwtOtherKeyFiles, ['/a1']],
    ['JWT_KEY_DAYS', 'jwt.key_days', '30', ({ jwtKeyDays }) => jwtKeyDays, 30],
    ['ADMISSION_KEY_FILE', 'keys.admission_key_file', '/b', ({ admissionKeyFile }) => admissionKeyFile, '/b'],
    [
      'ADMISSION_OLD_KEY_FILES',
      'keys.admission_old_key_files',
      '/b1, /b2',
      ({ admissionOldKeyFiles }) => admissionOldKeyFiles,
      ['/b1', '/b2'],
    ],
    ['MASTER_KEY_FILE', 'keys.master_key_file', '/c', ({ masterKeyFile }) => masterKeyFile, '/c'],
    ['ELQR_BASE_URL', 'payment.elqr.base_url', 'http://e/', ({ elqr }) => elqr.baseUrl, 'http://e'],
    ['ELQR_API_KEY', 'payment.elqr.api_key', 'k', ({ elqr }) => elqr.apiKey, 'k'],
    ['ELQR_ACCOUNT_ID', 'payment.elqr.account_id', 'id', ({ elqr }) => elqr.accountId, 'id'],
    ['ELQR_SIGNING_KEY_FILE', 'payment.elqr.signing_key_file', '/d', ({ elqr }) => elqr.signingKeyFile, '/d'],
    [
      'ELQR_WEBHOOK_PUBLIC_KEY_FILE',
      'payment.elqr.webhook_public_key_file',
      '/e',
      ({ elqr }) => elqr.webhookPublicKeyFile,
      '/e',
    ],
    ['ELCARD_BASE_URL', 'payment.elcard.base_url', 'http://c/', ({ elcard }) => elcard.baseUrl, 'http://c'],
    ['ELCARD_CLIENT_ID', 'payment.elcard.client_id', 'us', ({ elcard }) => elcard.clientId, 'us'],
    ['ELCARD_CLIENT_SECRET', 'payment.elcard.client_secret', 's', ({ elcard }) => elcard.clientSecret, 's'],
    ['METRICS_TOKEN', 'metrics.token', 't', ({ metricsToken }) => metricsToken, 't'],
    ['LOG_LEVEL', 'log.level', 'debug', ({ logLevel }) => logLevel, 'debug'],
    ['SKYPARK_MODE', 'mode', 'demo', ({ mode }) => mode, 'demo'],
    ['SKYPARK_NODE_ID', 'node.id', 'park-1', ({ nodeId }) => nodeId, 'park-1'],
    ['SKYPARK_DATA_DIR', 'node.data_dir', '/data', ({ dataDir }) => dataDir, '/data'],
    ['SKYPARK_DRAIN_DELAY_MS', 'server.drain_delay_ms', '11', ({ drainDelayMs }) => drainDelayMs, 11],
    ['SKYPARK_SANDBOX_PORT', 'sandbox.port', '12', ({ sandboxPort }) => sandboxPort, 12],
  ];

  test.each(cases)('%s is also %s in the file, and the variable wins', (variable, path, text, found, value) => {
    expect(found(loadConfig({ [variable]: text }))).toEqual(value);
    const keys = path.split('.');
    const inFile = (given: string) =>
      keys.map((key, depth) => `${'  '.repeat(depth)}${key}:`).join('\n') + ` ${given}\n`;
    expect(found(loadConfig(fromYaml(inFile(JSON.stringify(text)))))).toEqual(value);
    expect(found(loadConfig(fromYaml(inFile('"other"'), { [variable]: text })))).toEqual(value);
  });

  test('proxies are addresses and ranges, as a list in the file', () => {
    const trusted = ['10.0.0.0/8', '127.0.0.1', 'fd00::/8'];
    const mode = { SKYPARK_MODE: 'demo' };
    expect(loadConfig({ ...mode, TRUSTED_PROXIES: ' 10.0.0.0/8, 127.0.0.1 ,,fd00::/8' }).trustedProxies).toEqual(
      trusted,
    );
    const yaml = `server:\n  trusted_proxies: ${JSON.stringify(trusted)}\n`;
    expect(loadConfig(fromYaml(yaml, mode)).trustedProxies).toEqual(trusted);
    for (const bad of ['proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0', '::/129', '0/0']) {
      expect(faultsOf({ ...mode, TRUSTED_PROXIES: bad })).toHaveLength(1);
    }
  });

  test.each([
    ['PORT', ['-1', '65536', '80.5', '0x50', '1e3', ' 80', 'http']],
    ['READ_TIMEOUT', ['0', '601']],
    ['DB_POOL_SIZE', ['1', '101']],
    ['LOG_LEVEL', ['verbose', 'INFO']],
    ['DB_SSL_MODE', ['prefer', 'off']],
    ['SKYPARK_MODE', ['test']],
    ['SKYPARK_NODE_ID', ['HQ', 'a b', '-a', 'a'.repeat(51)]],
    [
      'PUBLIC_URL',
      ['park.example', 'ftp://park.example', 'http://localhost/?a=1', 'http://localhost/#a', 'http://u:p@localhost'],
    ],
  ])('%s is refused when it is none of what it can be', (variable, values) => {
    for (const value of values) {
      const faults = faultsOf({ SKYPARK_MODE: 'demo', [variable]: value });
      expect(faults, value).toHaveLength(1);
      expect(faults[0]).toContain(variable);
    }
  });
});

describe('what is wrong', () => {
  test('is told all at once', () => {
    const environment = fromYaml('server: { port: 1, colour: red }\nlog: { level: loud }\n', {
      PORT: 'many',
      SKYPARK_COLOUR: 'red',
      HOST: '0.0.0.0',
      DB_NAME: 'skypark',
      METRICS_TOKEN_FILE: '/nowhere',
    });
    const faults = faultsOf(environment);
    for (const word of [
      'server.colour',
      'SKYPARK_COLOUR',
      'PORT',
      'LOG_LEVEL',
      'SKYPARK_MODE',
      'DB_HOST',
      'METRICS_TOKEN_FILE',
    ]) {
      expect(faults.join('\n')).toContain(word);
    }
    expect(new ConfigFault(faults).message).toContain(faults.at(-1));
  });

  test('a setting that does not exist stops the start, in the environment of ours only', () => {
    expect(faultsOf({ SKYPARK_DATADIR: '/data' })).toEqual(['SKYPARK_DATADIR is not a setting of this program']);
    expect(faultsOf({ SKYPARK_DATADIR: '' })).toEqual([]);
    expect(faultsOf({ SOMETHING_ELSE: '1' })).toEqual([]);
  });

  test.each([
    ['an unknown key', 'serverr:\n  port: 1\n', '"serverr.port" is not a setting'],
    ['a key of another section', 'server:\n  level: info\n', '"server.level" is not a setting'],
    ['a section that is a value', 'server: 80\n', '"server" is not a setting'],
    ['a value that is a section', 'mode:\n  demo: yes\n', '"mode" must be a text'],
    ['a list of lists', 'server:\n  trusted_proxies: [[1]]\n', '"server.trusted_proxies" must be a text'],
    ['no mapping at all', 'hello\n', '"" is not a setting'],
    ['no YAML', 'server: [\n', 'is not YAML'],
    ['the same key twice', 'mode: demo\nmode: demo\n', 'is not YAML'],
  ])('the file has %s', (_what, text, fault) => {
    const faults = faultsOf(fromYaml(text));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test('an empty file and empty keys say nothing', () => {
    for (const text of ['', '# nothing\n', 'server:\n', 'metrics:\n  token:\n']) {
      expect(loadConfig(fromYaml(text)).metricsToken).toBeNull();
    }
  });

  test('a file that cannot be read is named', () => {
    expect(faultsOf({ SKYPARK_CONFIG: '/nowhere.yaml' })).toEqual([
      'SKYPARK_CONFIG names /nowhere.yaml, which cannot be read',
    ]);
  });

  test('is told without a password', () => {
    const secret = 'hunter2';
    const told = [
      faultsOf({ DATABASE_URL: `mysql://root:${secret}@db/x` }),
      faultsOf({ DATABASE_URL: `postgres://root:${secret}@db:port/x` }),
      faultsOf({ DB_PASSWORD: secret }),
      faultsOf({ DB_HOST: 'a b', DB_NAME: 'x', DB_USER: 'y', DB_PASSWORD: secret }),
      faultsOf(fromYaml(`database:\n  password: ${secret}\n  host: [\n`)),
    ];
    for (const faults of told) {
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.join('\n')).not.toContain(secret);
    }
  });
});

describe('secrets', () => {
  test('may come from a file, without its line end and with all else', () => {
    const config = loadConfig({
      METRICS_TOKEN_FILE: fileOf('  token \n'),
      ELQR_API_KEY_FILE: fileOf('key\r\n'),
      DATABASE_URL_FILE: fileOf('postgres://a@b/c'),
    });
    expect(config).toMatchObject({ metricsToken: '  token ', databaseUrl: 'postgres://a@b/c' });
    expect(config.elqr.apiKey).toBe('key');
    const fromFile = { DB_HOST: 'db', DB_NAME: 'n', DB_USER: 'u', DB_PASSWORD_FILE: fileOf(' p \n') };
    expect(
      new Client(clientConfig({ url: loadConfig(fromFile).databaseUrl ?? '', applicationName: 't' })).password,
    ).toBe(' p ');
  });

  test('are said once', () => {
    expect(faultsOf({ METRICS_TOKEN: 'a', METRICS_TOKEN_FILE: fileOf('b') })).toEqual([
      'METRICS_TOKEN and METRICS_TOKEN_FILE are both set; keep one',
    ]);
  });
});

describe('the mode', () => {
  test.each([
    [{ HOST: '0.0.0.0' }],
    [{ HOST: '192.168.1.5' }],
    [{ HOST: '::' }],
    [{ PUBLIC_URL: 'https://park.example' }],
    [{ TRUSTED_PROXIES: '10.0.0.1' }],
  ])('must be stated when others can reach the program: %o', (environment) => {
    expect(faultsOf(environment)).toHaveLength(1);
    expect(faultsOf({ ...environment, SKYPARK_MODE: 'demo' })).toEqual([]);
  });

  test.each(['127.0.0.1', '::1', 'localhost'])('is demo by default on %s', (host) => {
    expect(loadConfig({ HOST: host }).mode).toBe('demo');
  });

  test('production starts with all it needs, and waits for proxies before it stops', () => {
    expect(loadConfig(PRODUCTION)).toMatchObject({
      mode: 'production',
      drainDelayMs: 3500,
      publicUrl: 'https://park.example',
    });
  });

  test.each(Object.keys(PRODUCTION).filter((name) => !['SKYPARK_MODE', 'HOST'].includes(name)))(
    'production does not start without %s',
    (name) => {
      const faults = faultsOf({ ...PRODUCTION, [name]: '' });
      expect(faults).toHaveLength(1);
      expect(faults[0]).toContain(name);
    },
  );

  test('production names all it lacks', () => {
    expect(faultsOf({ SKYPARK_MODE: 'production' })).toHaveLength(11);
  });

  test.each(['PUBLIC_URL', 'ELQR_BASE_URL'])('production wants %s over https', (name) => {
    expect(faultsOf({ ...PRODUCTION, [name]: 'http://park.example' })).toHaveLength(1);
  });
});
