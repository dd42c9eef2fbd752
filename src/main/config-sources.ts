import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variable name → where the same setting stands in the YAML file. */
const SETTINGS: Readonly<Record<string, string | null>> = {
  PORT: 'server.port',
  HOST: 'server.host',
  READ_TIMEOUT: 'server.read_timeout',
  WRITE_TIMEOUT: 'server.write_timeout',
  PUBLIC_URL: 'server.public_url',
  RATE_LIMIT_PER_MINUTE: 'server.rate_limit_per_minute',
  SMS_PER_HOUR: 'limits.sms_per_hour',
  SMS_PER_DAY: 'limits.sms_per_day',
  LOGIN_FAILURES_LIMIT: 'limits.login_failures',
  TRUSTED_PROXIES: 'server.trusted_proxies',
  DATABASE_URL: 'database.url',
  DB_HOST: 'database.host',
  DB_PORT: 'database.port',
  DB_NAME: 'database.name',
  DB_USER: 'database.user',
  DB_PASSWORD: 'database.password',
  DB_SSL_MODE: 'database.ssl_mode',
  DB_POOL_SIZE: 'database.pool_size',
  REDIS_URL: 'redis.url',
  RABBITMQ_URL: 'rabbitmq.url',
  JWT_PRIVATE_KEY_FILE: 'jwt.private_key_file',
  ADMISSION_KEY_FILE: 'keys.admission_key_file',
  ADMISSION_OLD_KEY_FILES: 'keys.admission_old_key_files',
  MASTER_KEY_FILE: 'keys.master_key_file',
  ELQR_BASE_URL: 'payment.elqr.base_url',
  ELQR_API_KEY: 'payment.elqr.api_key',
  ELQR_ACCOUNT_ID: 'payment.elqr.account_id',
  ELQR_SIGNING_KEY_FILE: 'payment.elqr.signing_key_file',
  ELQR_WEBHOOK_PUBLIC_KEY_FILE: 'payment.elqr.webhook_public_key_file',
  ELQR_WEBHOOK_OTHER_KEY_FILES: 'payment.elqr.webhook_other_key_files',
  ELCARD_BASE_URL: 'payment.elcard.base_url',
  ELCARD_CLIENT_ID: 'payment.elcard.client_id',
  ELCARD_CLIENT_SECRET: 'payment.elcard.client_secret',
  METRICS_TOKEN: 'metrics.token',
  LOG_LEVEL: 'log.level',
  SKYPARK_MODE: 'mode',
  SKYPARK_NODE_ID: 'node.id',
  SKYPARK_DATA_DIR: 'node.data_dir',
  SKYPARK_DRAIN_DELAY_MS: 'server.drain_delay_ms',
  SKYPARK_SANDBOX_PORT: 'sandbox.port',
  SKYPARK_ADMIN_PHONE: 'admin.phone',
  SKYPARK_ADMIN_PASSWORD: 'admin.password',
  SKYPARK_CONFIG: null,
};

/** Secrets may also come from a file named by `<NAME>_FILE`. */
const SECRETS = [
  'DATABASE_URL',
  'DB_PASSWORD',
  'REDIS_URL',
  'RABBITMQ_URL',
  'ELQR_API_KEY',
  'ELCARD_CLIENT_SECRET',
  'METRICS_TOKEN',
  'SKYPARK_ADMIN_PASSWORD',
];
const SECRET_FILES = SECRETS.map((name) => `${name}_FILE`);

/**
 * Every setting that was given, by the name of its variable: from the YAML file that SKYPARK_CONFIG names, and from the
 * environment, which wins. What is wrong with either is added to `faults`.
 */
export const readSettings = (environment: Environment, faults: string[]): ReadonlyMap<string, string> =>
  new Map([...fromYaml(environment, faults), ...fromEnvironment(environment, faults)]);

function fromEnvironment(environment: Environment, faults: string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    if (Object.hasOwn(SETTINGS, name)) values.set(name, value);
    else if (name.startsWith('SKYPARK_') && !SECRET_FILES.includes(name))
      faults.push(`${name} is not a setting of this program`);
  }
  for (const name of SECRETS) {
    const file = environment[`${name}_FILE`];
    if (file === undefined || file === '') continue;
    const text = readText(file, `${name}_FILE`, faults);
    if (values.has(name)) faults.push(`${name} and ${name}_FILE are both set; keep one`);
    // Files end with a line end that is no part of the secret; any other white space may be.
    else if (text !== null) values.set(name, text.replace(/\r?\n$/, ''));
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
    const name = names.get(path);
    const plain = plainText(value);
    if (value === null || value === undefined) return;
    if (name !== undefined && plain !== null) values.set(name, plain);
    else if (name !== undefined) faults.push(`${file}: "${path}" must be a text, a number or a list of them`);
    else if (typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) visit(item, path === '' ? key : `${path}.${key}`);
    } else faults.push(`${file}: "${path}" is not a setting of this program`);
  };
  try {
    // Without the pretty form of errors, which shows the lines around them: there may be a password in them.
    visit(parseYaml(text, { prettyErrors: false }), '');
  } catch (error) {
    faults.push(`${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  return values;
}

/** A scalar, or a list of scalars joined by commas; null for anything else. */
function plainText(value: unknown): string | null {
  if (Array.isArray(value)) {
    const items = value.map((item) => (Array.isArray(item) ? null : plainText(item)));
    return items.includes(null) ? null : items.join(',');
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function readText(file: string, name: string, faults: string[]): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    faults.push(`${name} names ${file}, which cannot be read`);
    return null;
  }
}
