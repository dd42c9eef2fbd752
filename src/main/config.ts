import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';

/** Everything the program can be told from outside. */
export type Config = {
  readonly mode: 'demo' | 'production';
  readonly nodeId: string;
  readonly host: string;
  readonly port: number;
  /** Where others reach us, without a slash at the end. */
  readonly publicUrl: string;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  readonly databaseSsl: 'disable' | 'require' | 'verify-full' | undefined;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  readonly jwtPrivateKeyFile: string | null;
  readonly admissionKeyFile: string | null;
  readonly masterKeyFile: string | null;
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | null;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly drainDelayMs: number;
  readonly elqr: {
    /** Null: the provider sandbox, in demo mode only. */
    readonly baseUrl: string | null;
    readonly apiKey: string | null;
    readonly accountId: string | null;
    readonly signingKeyFile: string | null;
    readonly webhookPublicKeyFile: string | null;
  };
  /** Of the provider sandbox, in demo mode. */
  readonly sandboxPort: number;
};

/** All that is wrong with the configuration, at once. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Variable name → where the same setting stands in the YAML file. */
const SETTINGS: Readonly<Record<string, string | null>> = {
  PORT: 'server.port',
  HOST: 'server.host',
  READ_TIMEOUT: 'server.read_timeout',
  WRITE_TIMEOUT: 'server.write_timeout',
  PUBLIC_URL: 'server.public_url',
  TRUSTED_PROXIES: 'server.trusted_proxies',
  DATABASE_URL: 'database.url',
  DB_HOST: 'database.host',
  DB_PORT: 'database.port',
  DB_NAME: 'database.name',
  DB_USER: 'database.user',
  DB_PASSWORD: 'database.password',
  DB_SSL_MODE: 'database.ssl_mode',
  DB_POOL_SIZE: 'database.pool_size',
  JWT_PRIVATE_KEY_FILE: 'jwt.private_key_file',
  ADMISSION_KEY_FILE: 'keys.admission_key_file',
  MASTER_KEY_FILE: 'keys.master_key_file',
  ELQR_BASE_URL: 'payment.elqr.base_url',
  ELQR_API_KEY: 'payment.elqr.api_key',
  ELQR_ACCOUNT_ID: 'payment.elqr.account_id',
  ELQR_SIGNING_KEY_FILE: 'payment.elqr.signing_key_file',
  ELQR_WEBHOOK_PUBLIC_KEY_FILE: 'payment.elqr.webhook_public_key_file',
  METRICS_TOKEN: 'metrics.token',
  LOG_LEVEL: 'log.level',
  SKYPARK_MODE: 'mode',
  SKYPARK_NODE_ID: 'node.id',
  SKYPARK_DATA_DIR: 'node.data_dir',
  SKYPARK_DRAIN_DELAY_MS: 'server.drain_delay_ms',
  SKYPARK_SANDBOX_PORT: 'sandbox.port',
  SKYPARK_CONFIG: null,
};

/** Secrets may also come from a file named by `<NAME>_FILE`. */
const SECRETS = ['DATABASE_URL', 'DB_PASSWORD', 'ELQR_API_KEY', 'METRICS_TOKEN'];

const LOCAL_HOSTS = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads YAML file (named by SKYPARK_CONFIG) and environment; the environment wins.
 * @throws ConfigFault with every fault found: values out of range, unknown keys, what production lacks.
 */
export function loadConfig(environment: Environment): Config {
  const faults: string[] = [];
  const values = new Map<string, string>([...fromYaml(environment, faults), ...fromEnvironment(environment, faults)]);
  const config = interpret(values, faults);
  if (faults.length > 0) throw new ConfigFault(faults);
  return config;
}

function fromEnvironment(environment: Environment, faults: string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    if (name in SETTINGS) values.set(name, value);
    else if (name.startsWith('SKYPARK_')) faults.push(`${name} is not a setting of this program`);
  }
  for (const name of SECRETS) {
    const file = environment[`${name}_FILE`];
    if (file === undefined || file === '') continue;
    const text = readText(file, `${name}_FILE`, faults);
    if (values.has(name)) faults.push(`${name} and ${name}_FILE are both set; keep one`);
    else if (text !== null) values.set(name, text.trim());
  }
  return values;
}

function fromYaml(environment: Environment, faults: string[]): Map<string, string> {
  const values = new Map<string, string>();
  const file = environment['SKYPARK_CONFIG'];
  const text = file === undefined || file === '' ? null : readText(file, 'SKYPARK_CONFIG', faults);
  if (text === null) return values;
  const names = new Map(Object.entries(SETTINGS).map(([name, path]) => [path, name]));
  const visit = (value: unknown, path: string): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) visit(item, path === '' ? key : `${path}.${key}`);
      return;
    }
    const name = names.get(path);
    if (name === undefined) faults.push(`${file}: "${path}" is not a setting of this program`);
    else values.set(name, Array.isArray(value) ? value.join(',') : String(value));
  };
  try {
    visit(parseYaml(text) ?? {}, '');
  } catch (error) {
    faults.push(`${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  return values;
}

function readText(file: string, name: string, faults: string[]): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    faults.push(`${name} names ${file}, which cannot be read`);
    return null;
  }
}

/** Reads typed values and notes what is wrong with them. */
class Reader {
  readonly #values: ReadonlyMap<string, string>;
  readonly #faults: string[];

  constructor(values: ReadonlyMap<string, string>, faults: string[]) {
    this.#values = values;
    this.#faults = faults;
  }

  text(name: string): string | null {
    return this.#values.get(name) ?? null;
  }

  integer(name: string, fallback: number, minimum: number, maximum: number): number {
    const text = this.#values.get(name);
    if (text === undefined) return fallback;
    const value = Number(text);
    const fits = /^\d+$/.test(text) && value >= minimum && value <= maximum;
    if (!fits) this.#faults.push(`${name} must be a whole number from ${minimum} to ${maximum}, not "${text}"`);
    return fits ? value : fallback;
  }

  oneOf<Word extends string>(name: string, words: readonly Word[], fallback: Word): Word {
    const text = this.#values.get(name);
    if (text === undefined) return fallback;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) this.#faults.push(`${name} must be one of ${words.join(', ')}, not "${text}"`);
    return word ?? fallback;
  }

  url(name: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
      this.#faults.push(`${name} must be an http or https address, not "${text}"`);
    }
    return text.replace(/\/+$/, '');
  }
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const SSL_MODES = ['disable', 'require', 'verify-full'] as const;

function interpret(values: ReadonlyMap<string, string>, faults: string[]): Config {
  const read = new Reader(values, faults);
  const host = read.text('HOST') ?? '127.0.0.1';
  const port = read.integer('PORT', 8080, 0, 65_535);
  const isLocal = LOCAL_HOSTS.includes(host);
  const publicUrl = read.url('PUBLIC_URL') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const isReachable = !isLocal || !isLoopback(publicUrl) || values.has('TRUSTED_PROXIES');
  if (isReachable && !values.has('SKYPARK_MODE')) {
    faults.push(
      'SKYPARK_MODE must be stated when others can reach the program (HOST, PUBLIC_URL, TRUSTED_PROXIES): demo or production',
    );
  }
  const config: Config = {
    mode: read.oneOf('SKYPARK_MODE', ['demo', 'production'], 'demo'),
    nodeId: read.text('SKYPARK_NODE_ID') ?? 'hq',
    host,
    port,
    publicUrl,
    readTimeoutMs: read.integer('READ_TIMEOUT', 30, 1, 600) * 1000,
    writeTimeoutMs: read.integer('WRITE_TIMEOUT', 30, 1, 600) * 1000,
    databaseUrl: databaseUrl(read, values, faults),
    databaseSsl: values.has('DB_SSL_MODE') ? read.oneOf('DB_SSL_MODE', SSL_MODES, 'verify-full') : undefined,
    databasePoolSize: read.integer('DB_POOL_SIZE', 10, 2, 100),
    dataDir: read.text('SKYPARK_DATA_DIR') ?? '.skypark',
    jwtPrivateKeyFile: read.text('JWT_PRIVATE_KEY_FILE'),
    admissionKeyFile: read.text('ADMISSION_KEY_FILE'),
    masterKeyFile: read.text('MASTER_KEY_FILE'),
    trustedProxies: (read.text('TRUSTED_PROXIES') ?? '').split(',').filter((address) => address !== ''),
    metricsToken: read.text('METRICS_TOKEN'),
    logLevel: read.oneOf('LOG_LEVEL', LEVELS, 'info'),
    drainDelayMs: read.integer('SKYPARK_DRAIN_DELAY_MS', isLocal ? 0 : 3500, 0, 60_000),
    elqr: {
      baseUrl: read.url('ELQR_BASE_URL'),
      apiKey: read.text('ELQR_API_KEY'),
      accountId: read.text('ELQR_ACCOUNT_ID'),
      signingKeyFile: read.text('ELQR_SIGNING_KEY_FILE'),
      webhookPublicKeyFile: read.text('ELQR_WEBHOOK_PUBLIC_KEY_FILE'),
    },
    sandboxPort: read.integer('SKYPARK_SANDBOX_PORT', 8090, 0, 65_535),
  };
  if (!/^[a-z0-9][a-z0-9-]{0,49}$/.test(config.nodeId)) {
    faults.push(`SKYPARK_NODE_ID must be lower-case letters, digits and hyphens, at most 50, not "${config.nodeId}"`);
  }
  if (config.mode === 'production') faults.push(...missingInProduction(config));
  return config;
}

function databaseUrl(read: Reader, values: ReadonlyMap<string, string>, faults: string[]): string | null {
  const url = read.text('DATABASE_URL');
  if (url !== null) {
    if (!/^postgres(ql)?:\/\//.test(url)) faults.push('DATABASE_URL must begin with postgres://');
    return url;
  }
  const host = read.text('DB_HOST');
  if (host === null) {
    const orphan = ['DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_PORT'].find((name) => values.has(name));
    if (orphan !== undefined) faults.push(`${orphan} is set without DB_HOST`);
    return null;
  }
  const missing = ['DB_NAME', 'DB_USER'].filter((name) => !values.has(name));
  for (const name of missing) faults.push(`${name} is missing; DB_HOST needs it`);
  const built = new URL(`postgres://${host}:${read.integer('DB_PORT', 5432, 1, 65_535)}`);
  built.pathname = read.text('DB_NAME') ?? '';
  built.username = encodeURIComponent(read.text('DB_USER') ?? '');
  built.password = encodeURIComponent(read.text('DB_PASSWORD') ?? '');
  return built.href;
}

/** In production nothing has an insecure default. */
function missingInProduction(config: Config): readonly string[] {
  const isSecure = (url: string | null): boolean => url === null || url.startsWith('https:');
  const needs: readonly (readonly [unknown, string])[] = [
    [config.databaseUrl, 'DATABASE_URL (or DB_HOST, DB_NAME, DB_USER, DB_PASSWORD)'],
    [config.jwtPrivateKeyFile, 'JWT_PRIVATE_KEY_FILE'],
    [config.admissionKeyFile, 'ADMISSION_KEY_FILE'],
    [config.masterKeyFile, 'MASTER_KEY_FILE'],
    [config.metricsToken, 'METRICS_TOKEN'],
    [config.elqr.baseUrl, 'ELQR_BASE_URL'],
    [config.elqr.apiKey, 'ELQR_API_KEY'],
    [config.elqr.accountId, 'ELQR_ACCOUNT_ID'],
    [config.elqr.signingKeyFile, 'ELQR_SIGNING_KEY_FILE'],
    [config.elqr.webhookPublicKeyFile, 'ELQR_WEBHOOK_PUBLIC_KEY_FILE'],
  ];
  const missing = needs.flatMap(([value, name]) =>
    value === null || value === '' ? [`production needs ${name}`] : [],
  );
  if (isLoopback(config.publicUrl) || !isSecure(config.publicUrl)) {
    missing.push('production needs PUBLIC_URL: the https address at which guests and providers reach it');
  }
  if (!isSecure(config.elqr.baseUrl)) missing.push('production needs an https ELQR_BASE_URL');
  return missing;
}

const isLoopback = (url: string): boolean =>
  URL.canParse(url) && LOCAL_HOSTS.includes(new URL(url).hostname.replaceAll(/[[\]]/g, ''));
