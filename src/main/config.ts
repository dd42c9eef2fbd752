import { isIP } from 'node:net';
import { readSettings, type Environment } from './config-sources.ts';
import { readChainFigures, type ChainFigures } from './config-limits.ts';

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
  /** Null: each process counts limits by itself. */
  readonly redisUrl: string | null;
  /** Null: events go from the log to their readers without a broker. */
  readonly rabbitmqUrl: string | null;
  readonly jwtPrivateKeyFile: string | null;
  readonly admissionKeyFile: string | null;
  readonly admissionOldKeyFiles: readonly string[];
  readonly masterKeyFile: string | null;
  readonly trustedProxies: readonly string[];
  /** Requests of one account; other limits keep their proportion to it. */
  readonly rateLimitPerMinute: number;
  /** What the whole chain may spend on codes and put up with from logins. */
  readonly chainFigures: ChainFigures;
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
    readonly webhookOtherKeyFiles: readonly string[];
  };
  /** All null: the provider sandbox in demo mode; in production the method is not offered. */
  readonly elcard: {
    readonly baseUrl: string | null;
    readonly clientId: string | null;
    readonly clientSecret: string | null;
  };
  /** Who becomes the first admin if there is none. */
  readonly firstAdmin: { readonly phone: string; readonly password: string } | null;
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

const LOCAL_HOSTS = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads the YAML file (named by SKYPARK_CONFIG) and the environment; the environment wins.
 * @throws ConfigFault with every fault found: values out of range, unknown keys, what production lacks.
 */
export function loadConfig(environment: Environment): Config {
  const faults: string[] = [];
  const values = readSettings(environment, faults);
  const config = interpret(values, faults);
  if (faults.length > 0) throw new ConfigFault(faults);
  return config;
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

  /** Words between commas. @param what what each must be, for people */
  list(name: string, isGood: (word: string) => boolean, what: string): readonly string[] {
    const words = (this.text(name) ?? '').split(',').map((word) => word.trim());
    const given = words.filter((word) => word !== '');
    for (const word of given) if (!isGood(word)) this.#faults.push(`${name}: "${word}" is not ${what}`);
    return given;
  }

  url(name: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    if (!isWebAddress(text)) this.#faults.push(`${name} must be an http or https address, not "${text}"`);
    return text.replace(/\/+$/, '');
  }
}

/** Paths are put behind it, so nothing may follow its own. */
function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}` === '' && !/[?#\s]/.test(text);
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
    redisUrl: serverUrl(
      read,
      faults,
      'REDIS_URL',
      /^rediss?:$/,
      'redis://user:password@host:port/number, or rediss://',
    ),
    rabbitmqUrl: serverUrl(
      read,
      faults,
      'RABBITMQ_URL',
      /^amqps?:$/,
      'amqp://user:password@host:port/virtual-host, or amqps://',
    ),
    jwtPrivateKeyFile: read.text('JWT_PRIVATE_KEY_FILE'),
    admissionKeyFile: read.text('ADMISSION_KEY_FILE'),
    admissionOldKeyFiles: read.list('ADMISSION_OLD_KEY_FILES', () => true, 'a file'),
    masterKeyFile: read.text('MASTER_KEY_FILE'),
    trustedProxies: read.list('TRUSTED_PROXIES', isProxy, 'an address or a range such as 10.0.0.0/8'),
    rateLimitPerMinute: read.integer('RATE_LIMIT_PER_MINUTE', 100, 1, 10_000_000),
    chainFigures: readChainFigures((name, usual) => read.integer(name, usual, 1, 1_000_000)),
    metricsToken: read.text('METRICS_TOKEN'),
    logLevel: read.oneOf('LOG_LEVEL', LEVELS, 'info'),
    drainDelayMs: read.integer('SKYPARK_DRAIN_DELAY_MS', isLocal ? 0 : 3500, 0, 60_000),
    elqr: {
      baseUrl: read.url('ELQR_BASE_URL'),
      apiKey: read.text('ELQR_API_KEY'),
      accountId: read.text('ELQR_ACCOUNT_ID'),
      signingKeyFile: read.text('ELQR_SIGNING_KEY_FILE'),
      webhookPublicKeyFile: read.text('ELQR_WEBHOOK_PUBLIC_KEY_FILE'),
      webhookOtherKeyFiles: read.list('ELQR_WEBHOOK_OTHER_KEY_FILES', () => true, 'a file'),
    },
    elcard: {
      baseUrl: read.url('ELCARD_BASE_URL'),
      clientId: read.text('ELCARD_CLIENT_ID'),
      clientSecret: read.text('ELCARD_CLIENT_SECRET'),
    },
    firstAdmin: firstAdmin(read, faults),
    sandboxPort: read.integer('SKYPARK_SANDBOX_PORT', 8090, 0, 65_535),
  };
  if (!/^[a-z0-9][a-z0-9-]{0,49}$/.test(config.nodeId)) {
    faults.push(`SKYPARK_NODE_ID must be lower-case letters, digits and hyphens, at most 50, not "${config.nodeId}"`);
  }
  if (config.mode === 'production') faults.push(...missingInProduction(config));
  return config;
}

/** No fault repeats it: there may be a password in it. */
function serverUrl(read: Reader, faults: string[], name: string, protocols: RegExp, form: string): string | null {
  const url = read.text(name);
  if (url === null || (URL.canParse(url) && protocols.test(new URL(url).protocol))) return url;
  faults.push(`${name} must read ${form}`);
  return null;
}

/** Both or none; no fault repeats the password. */
function firstAdmin(read: Reader, faults: string[]): Config['firstAdmin'] {
  const [phone, password] = [read.text('SKYPARK_ADMIN_PHONE'), read.text('SKYPARK_ADMIN_PASSWORD')];
  if (phone !== null && password !== null) return { phone, password };
  if (phone !== null) faults.push('SKYPARK_ADMIN_PHONE needs SKYPARK_ADMIN_PASSWORD');
  if (password !== null) faults.push('SKYPARK_ADMIN_PASSWORD needs SKYPARK_ADMIN_PHONE');
  return null;
}

const DB_PARTS = ['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD'] as const;

/** No fault here repeats a value: it may be, or hold, a password. */
function databaseUrl(read: Reader, values: ReadonlyMap<string, string>, faults: string[]): string | null {
  const url = read.text('DATABASE_URL');
  const parts = DB_PARTS.filter((name) => values.has(name));
  if (url !== null) {
    if (parts.length > 0) faults.push(`DATABASE_URL and ${parts.join(', ')} are both set; keep one`);
    const isUsable = /^postgres(ql)?:\/\//.test(url) && URL.canParse(url);
    if (!isUsable) faults.push('DATABASE_URL must read postgres://user:password@host:port/database, specials as %XX');
    return url;
  }
  if (parts.length === 0) return null;
  const missing = ['DB_HOST', 'DB_NAME', 'DB_USER'].filter((name) => !values.has(name));
  for (const name of missing) faults.push(`${name} is missing: ${parts.join(', ')} need it`);
  const port = read.integer('DB_PORT', 5432, 1, 65_535);
  const host = read.text('DB_HOST');
  if (host === null) return null;
  const isSocket = host.startsWith('/');
  const base = `postgres://${isSocket ? 'localhost' : isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const name = read.text('DB_NAME') ?? '';
  if (/[/?#%\\]/.test(name)) faults.push('DB_NAME must be the plain name of a database');
  if (!URL.canParse(base) || (!isSocket && /[/?#@%]/.test(host))) {
    faults.push('DB_HOST must be a host name, an address, or the folder of a socket');
    return null;
  }
  const built = new URL(base);
  built.pathname = name;
  built.username = encodeURIComponent(read.text('DB_USER') ?? '');
  built.password = encodeURIComponent(read.text('DB_PASSWORD') ?? '');
  if (isSocket) built.searchParams.set('host', host);
  return built.href;
}

function isProxy(word: string): boolean {
  const [address = '', bits, more] = word.split('/');
  const width = isIP(address) === 6 ? 128 : 32;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
  return isIP(address) !== 0 && isRange && more === undefined;
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
  const elcard = Object.values(config.elcard);
  if (elcard.includes(null) && elcard.some((value) => value !== null)) {
    missing.push('production needs all of ELCARD_BASE_URL, ELCARD_CLIENT_ID and ELCARD_CLIENT_SECRET, or none');
  }
  if (!isSecure(config.elcard.baseUrl)) missing.push('production needs an https ELCARD_BASE_URL');
  return missing;
}

const isLoopback = (url: string): boolean =>
  URL.canParse(url) && LOCAL_HOSTS.includes(new URL(url).hostname.replaceAll(/[[\]]/g, ''));
