import type { ChainFigures } from '../modules/auth/application/chain-limits.ts';
import type { S3Access } from '../infrastructure/files/s3-file-store.ts';
import type { StatusTable } from '../infrastructure/payment-providers/elcard/status-table.ts';
import { smsAccess, smtpAccess, type SmsAccess, type SmtpAccess } from './settings/channel-access.ts';
import { databaseAddress } from './settings/database-address.ts';
import type { Environment } from './settings/environment.ts';
import { fiscalAccess, type FiscalAccess } from './settings/fiscal-access.ts';
import { isLoopback, isThisMachine } from './settings/kinds.ts';
import { missingInProduction } from './settings/production.ts';
import { readSources, type Given } from './settings/sources.ts';
import type { SettingName, Values } from './settings/table.ts';
import { readValues } from './settings/values.ts';

/** Everything the program can be told from outside. */
export type Config = {
  readonly mode: Values['SKYPARK_MODE'];
  readonly nodeId: string;
  /** What this node is; a park node belongs to one park and knows where headquarters is. */
  readonly node: { readonly role: 'hq' } | { readonly role: 'park'; readonly parkId: string; readonly hqUrl: string };
  readonly host: string;
  readonly port: number;
  /** Where a worker answers probes and shows its metrics; null: nowhere. */
  readonly opsPort: number | null;
  /** What connections are encrypted with; null: something in front of the program does it, or nobody. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** The authority that gate devices are told of when they are enrolled; null: one that they believe anyhow. */
  readonly tlsCaFile: string | null;
  /** Where others reach us, without a slash at the end. */
  readonly publicUrl: string;
  readonly readTimeoutMs: number;
  readonly writeTimeoutMs: number;
  /** Null: the embedded database. */
  readonly databaseUrl: string | null;
  readonly databaseSsl: NonNullable<Values['DB_SSL_MODE']> | undefined;
  readonly databasePoolSize: number;
  readonly dataDir: string;
  /** Null: each process counts limits by itself. */
  readonly redisUrl: string | null;
  /** Null: events go from the log to their readers without a broker. */
  readonly rabbitmqUrl: string | null;
  /** Null: pictures are kept in the data directory. */
  readonly s3: S3Access | null;
  /** Where it is noted how far the log of this node was. */
  readonly markerFile: string;
  readonly nodeKeyFile: string | null;
  readonly jwtPrivateKeyFile: string | null;
  readonly jwtOtherKeyFiles: readonly string[];
  /** Null: as long as the files are ours, 90; else for ever. */
  readonly jwtKeyDays: number | null;
  readonly admissionKeyFile: string | null;
  readonly admissionOldKeyFiles: readonly string[];
  readonly masterKeyFile: string | null;
  readonly trustedProxies: readonly string[];
  /** Requests of one account; other limits keep their proportion to it. */
  readonly rateLimitPerMinute: number;
  /** What the whole chain may spend on codes and put up with from logins. */
  readonly chainFigures: ChainFigures;
  /** Whether duties count only with a second factor. */
  readonly staffNeedsFactor: boolean;
  /** How long a proof of who is asking counts as fresh. */
  readonly stepUpMs: number;
  /** Most people that a gate device may let in alone in an hour. */
  readonly alonePerHour: number;
  readonly metricsToken: string | null;
  /** Null: there are no traces. */
  readonly otlpEndpoint: string | null;
  readonly logLevel: Values['LOG_LEVEL'];
  readonly drainDelayMs: number;
  readonly elqr: {
    readonly wireProfile: Values['ELQR_WIRE_PROFILE'];
    /** Null: the provider sandbox, in demo mode only. */
    readonly baseUrl: string | null;
    readonly apiKey: string | null;
    readonly accountId: string | null;
    readonly signingKeyFile: string | null;
    readonly webhookPublicKeyFile: string | null;
    readonly webhookOtherKeyFiles: readonly string[];
    readonly orderForm: Values['ELQR_ORDER_FORM'];
    readonly webhookSecret: string | null;
    readonly webhookSenders: readonly string[];
  };
  /** All null: the provider sandbox in demo mode; in production the method is not offered. */
  readonly elcard: {
    readonly baseUrl: string | null;
    readonly clientId: string | null;
    readonly clientSecret: string | null;
    readonly authMode: Values['ELCARD_AUTH_MODE'];
    /** What differs from the numbers on which all banks agree. */
    readonly statuses: StatusTable;
  };
  /** Null: the sandbox in demo mode; in production there are no fiscal receipts. */
  readonly fiscal: FiscalAccess | null;
  /** Null: text messages are announced in demo mode; in production nobody gets any. */
  readonly sms: SmsAccess | null;
  /** The same of mails. */
  readonly smtp: SmtpAccess | null;
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

/**
 * Reads the YAML file (named by SKYPARK_CONFIG), the environment and the flags of the command line; the later win.
 * @throws ConfigFault with every fault found: values out of range, unknown keys, what production lacks.
 */
export function loadConfig(environment: Environment, flags: readonly string[] = []): Config {
  const { config, faults } = examineConfig(environment, flags);
  if (faults.length > 0) throw new ConfigFault(faults);
  return config;
}

type Examined = {
  /** Usable when there are no faults. */
  readonly config: Config;
  readonly given: ReadonlyMap<SettingName, Given>;
  readonly faults: readonly string[];
};

/** The same without throwing, and with what was given where. */
export function examineConfig(environment: Environment, flags: readonly string[]): Examined {
  const faults: string[] = [];
  const given = readSources(environment, flags, faults);
  const config = interpret(readValues(given, faults), given, faults);
  return { config, given, faults };
}

function interpret(values: Values, given: Examined['given'], faults: string[]): Config {
  const hasOpenDoor = !isThisMachine(values.HOST) || !isLoopback(values.PUBLIC_URL) || given.has('TRUSTED_PROXIES');
  if (hasOpenDoor && !given.has('SKYPARK_MODE')) {
    faults.push(
      'SKYPARK_MODE must be stated when others can reach the program (HOST, PUBLIC_URL, TRUSTED_PROXIES): demo or production',
    );
  }
  if (values.SKYPARK_MODE === 'production') faults.push(...missingInProduction(values, given));
  return {
    mode: values.SKYPARK_MODE,
    nodeId: values.SKYPARK_NODE_ID,
    node: nodeOf(values, given, faults),
    host: values.HOST,
    port: values.PORT,
    opsPort: values.SKYPARK_OPS_PORT,
    ...tlsFiles(values, faults),
    publicUrl: values.PUBLIC_URL,
    readTimeoutMs: values.READ_TIMEOUT * 1000,
    writeTimeoutMs: values.WRITE_TIMEOUT * 1000,
    databaseUrl: databaseAddress(values, given, faults),
    databaseSsl: values.DB_SSL_MODE ?? undefined,
    databasePoolSize: values.DB_POOL_SIZE,
    dataDir: values.SKYPARK_DATA_DIR,
    redisUrl: values.REDIS_URL,
    rabbitmqUrl: values.RABBITMQ_URL,
    s3: s3Access(values, given, faults),
    markerFile: values.SKYPARK_MARKER_FILE,
    nodeKeyFile: values.NODE_KEY_FILE,
    jwtPrivateKeyFile: values.JWT_PRIVATE_KEY_FILE,
    jwtOtherKeyFiles: values.JWT_OTHER_KEY_FILES,
    jwtKeyDays: values.JWT_KEY_DAYS,
    admissionKeyFile: values.ADMISSION_KEY_FILE,
    admissionOldKeyFiles: values.ADMISSION_OLD_KEY_FILES,
    masterKeyFile: values.MASTER_KEY_FILE,
    trustedProxies: values.TRUSTED_PROXIES,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    ...accountRules(values),
    alonePerHour: values.GATE_ALONE_PER_HOUR,
    metricsToken: values.METRICS_TOKEN,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: values.LOG_LEVEL,
    drainDelayMs: values.SKYPARK_DRAIN_DELAY_MS,
    elqr: {
      wireProfile: values.ELQR_WIRE_PROFILE,
      baseUrl: values.ELQR_BASE_URL,
      apiKey: values.ELQR_API_KEY,
      accountId: values.ELQR_ACCOUNT_ID,
      signingKeyFile: values.ELQR_SIGNING_KEY_FILE,
      webhookPublicKeyFile: values.ELQR_WEBHOOK_PUBLIC_KEY_FILE,
      webhookOtherKeyFiles: values.ELQR_WEBHOOK_OTHER_KEY_FILES,
      orderForm: values.ELQR_ORDER_FORM,
      webhookSecret: values.ELQR_WEBHOOK_SECRET,
      webhookSenders: values.ELQR_WEBHOOK_SENDERS,
    },
    elcard: {
      baseUrl: values.ELCARD_BASE_URL,
      clientId: values.ELCARD_CLIENT_ID,
      clientSecret: values.ELCARD_CLIENT_SECRET,
      authMode: values.ELCARD_AUTH_MODE,
      statuses: values.ELCARD_STATUSES,
    },
    fiscal: fiscalAccess(values, given, faults),
    sms: smsAccess(values, given, faults),
    smtp: smtpAccess(values, given, faults),
    firstAdmin: firstAdmin(values, faults),
    sandboxPort: values.SKYPARK_SANDBOX_PORT,
  };
}

/** How often accounts are tried, and what they have to prove. */
const accountRules = (values: Values): Pick<Config, 'chainFigures' | 'staffNeedsFactor' | 'stepUpMs'> => ({
  chainFigures: {
    codesPerHour: values.SMS_PER_HOUR,
    codesPerDay: values.SMS_PER_DAY,
    loginFailures: values.LOGIN_FAILURES_LIMIT,
  },
  staffNeedsFactor: values.STAFF_SECOND_FACTOR === 'required',
  stepUpMs: values.STEP_UP_MINUTES * 60_000,
});

const PARK_NEEDED = ['SKYPARK_NODE_ID', 'SKYPARK_PARK_ID', 'SKYPARK_HQ_URL'] as const;

/** A park node needs a name of its own, its park and its headquarters; headquarters has neither of the last two. */
function nodeOf(values: Values, given: Examined['given'], faults: string[]): Config['node'] {
  const { SKYPARK_ROLE: role, SKYPARK_PARK_ID: parkId, SKYPARK_HQ_URL: hqUrl } = values;
  if (role === 'hq') {
    for (const name of ['SKYPARK_PARK_ID', 'SKYPARK_HQ_URL'] as const) {
      if (given.has(name)) faults.push(`${name} is for SKYPARK_ROLE=park`);
    }
    return { role };
  }
  for (const name of PARK_NEEDED) if (!given.has(name)) faults.push(`SKYPARK_ROLE=park needs ${name}`);
  if (given.has('SKYPARK_ADMIN_PHONE'))
    faults.push('SKYPARK_ADMIN_PHONE is for headquarters: a park has its staff from there');
  if (values.SKYPARK_NODE_ID === 'hq') faults.push('SKYPARK_NODE_ID: a park node has another name than headquarters');
  if (hqUrl?.startsWith('http:') === true && !isLoopback(hqUrl)) {
    faults.push('SKYPARK_HQ_URL must be https: only headquarters on this machine may be reached without');
  }
  return { role, parkId: parkId ?? '', hqUrl: hqUrl ?? '' };
}

/** Both or none. */
function tlsFiles(values: Values, faults: string[]): Pick<Config, 'tls' | 'tlsCaFile'> {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, TLS_CA_FILE: tlsCaFile } = values;
  if (certFile !== null && keyFile !== null) return { tls: { certFile, keyFile }, tlsCaFile };
  if (certFile !== null) faults.push('TLS_CERT_FILE needs TLS_KEY_FILE');
  if (keyFile !== null) faults.push('TLS_KEY_FILE needs TLS_CERT_FILE');
  return { tls: null, tlsCaFile };
}

/** Both or none. */
function firstAdmin(values: Values, faults: string[]): Config['firstAdmin'] {
  const { SKYPARK_ADMIN_PHONE: phone, SKYPARK_ADMIN_PASSWORD: password } = values;
  if (phone !== null && password !== null) return { phone, password };
  if (phone !== null) faults.push('SKYPARK_ADMIN_PHONE needs SKYPARK_ADMIN_PASSWORD');
  if (password !== null) faults.push('SKYPARK_ADMIN_PASSWORD needs SKYPARK_ADMIN_PHONE');
  return null;
}

const S3_NEEDED = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'] as const;

/** All or none. */
function s3Access(values: Values, given: Examined['given'], faults: string[]): S3Access | null {
  const named = ([...S3_NEEDED, 'S3_REGION'] as const).filter((name) => given.has(name));
  const missing = S3_NEEDED.filter((name) => !given.has(name));
  if (named.length > 0) for (const name of missing) faults.push(`${name} is missing: ${named.join(', ')} need it`);
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = values;
  if (endpoint === null || bucket === null || accessKey === null || secretKey === null) return null;
  return { endpoint, bucket, accessKey, secretKey, region: values.S3_REGION };
}
