import { ACCOUNT_SETTINGS } from './account-settings.ts';
import { FISCAL_SETTINGS } from './fiscal-settings.ts';
import {
  addressRanges,
  aFile,
  aFolder,
  aHost,
  aText,
  files,
  hostOrSocket,
  integer,
  inUrl,
  isThisMachine,
  mailSender,
  matching,
  oneOf,
  serverAddress,
  webAddress,
} from './kinds.ts';
import { orderStatuses } from './order-statuses.ts';
import { always, optional, secret, type Setting } from './setting.ts';

const postgresAddress = serverAddress(
  /^postgres(ql)?:\/\//,
  'postgres://user:password@host:port/database, specials as %XX',
);
const redisAddress = serverAddress(/^rediss?:\/\//, 'redis://user:password@host:port/number, or rediss://');
const amqpAddress = serverAddress(/^amqps?:\/\//, 'amqp://user:password@host:port/virtual-host, or amqps://');

const parkSlug = matching(/^(?=.{1,50}$)[a-z0-9]+(?:-[a-z0-9]+)*$/, 'the id of a park, such as bishkek-central');

const bucketName = matching(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket');

const PICTURES = 'a folder of the data directory';
const mailServer = serverAddress(/^smtps?:\/\/[^/]/, 'smtp://user:password@host:port, or smtps://, specials as %XX');

const PARTS = 'none';
const DEMO_KEY = 'made in demo mode';
const SANDBOX = 'the sandbox in demo mode';
const ANNOUNCED = 'announced in the log of a demo, else not sent';
const ELCARD_SANDBOX = 'the sandbox in demo mode, else no card payments';

/**
 * Everything that the program can be told, by the name of its variable. What is read, checked, explained and documented comes
 * from this table.
 */
export const SETTINGS = {
  SKYPARK_CONFIG: optional(null, aFile, 'none', { meaning: 'a YAML file with any of the settings below' }),
  SKYPARK_MODE: always('mode', oneOf('demo', 'production'), 'demo', {
    otherwise: '`demo` on loopback',
    meaning: 'must be stated when `HOST`, `PUBLIC_URL` or `TRUSTED_PROXIES` say that others reach the program',
  }),
  SKYPARK_NODE_ID: always(
    'node.id',
    matching(/^[a-z0-9][a-z0-9-]{0,49}$/, 'lower-case letters, digits and hyphens, at most 50'),
    'hq',
    { meaning: 'a database belongs to one node for ever' },
  ),
  SKYPARK_ROLE: always('node.role', oneOf('hq', 'park'), 'hq', {
    meaning: 'headquarters, or the node of one park, which works on while headquarters cannot be reached',
  }),
  SKYPARK_PARK_ID: optional('node.park_id', parkSlug, 'none', { meaning: 'the park of a park node' }),
  SKYPARK_HQ_URL: optional('node.hq_url', webAddress, 'none', {
    meaning: 'where a park node finds headquarters; `https` unless it is this machine',
  }),
  SKYPARK_DATA_DIR: always(
    'node.data_dir',
    aFolder,
    (textOf) => (textOf('SKYPARK_ROLE') === 'park' ? `.skypark-${textOf('SKYPARK_NODE_ID')}` : '.skypark'),
    {
      otherwise: '`.skypark`, of a park node `.skypark-` and its id',
      meaning: 'embedded database, keys, pictures and demo logins',
    },
  ),
  SKYPARK_MARKER_FILE: always('node.marker_file', aFile, (textOf) => `${textOf('SKYPARK_DATA_DIR')}/marker.json`, {
    otherwise: '`marker.json` in the data directory',
    meaning:
      'how far the log of this node was, by which a database that was put back is noticed; in production it belongs on another volume than the database',
  }),
  HOST: always('server.host', aHost, '127.0.0.1', { meaning: 'where the API listens' }),
  PORT: always('server.port', integer(0, 65_535), (textOf) => (textOf('SKYPARK_ROLE') === 'park' ? '8081' : '8080'), {
    otherwise: '`8080`, of a park node `8081`',
    meaning: 'where the API listens',
  }),
  SKYPARK_OPS_PORT: optional('server.ops_port', integer(0, 65_535), 'none', {
    meaning: 'where a worker answers `/health/*` and `/metrics`, on `HOST`; the API answers them on its own port',
  }),
  TLS_CERT_FILE: optional('server.tls_cert_file', aFile, 'something in front of the program encrypts', {
    meaning:
      'PEM, the certificate and those between it and its authority: the API speaks HTTPS. Followed when it changes, at once on SIGHUP',
  }),
  TLS_KEY_FILE: optional('server.tls_key_file', aFile, 'none', { meaning: 'PEM, the key of that certificate' }),
  TLS_CA_FILE: optional('server.tls_ca_file', aFile, 'none', {
    meaning:
      'PEM, the authority that gate devices are told of when they are enrolled: the own one of `npm run cli -- tls ca`',
  }),
  PUBLIC_URL: always('server.public_url', webAddress, (textOf) => `http://${inUrl(textOf('HOST'))}:${textOf('PORT')}`, {
    otherwise: 'from host and port',
    meaning: 'where others reach it; `https` turns on HSTS',
  }),
  READ_TIMEOUT: always('server.read_timeout', integer(1, 600, 'seconds'), '30', { meaning: 'for receiving a request' }),
  WRITE_TIMEOUT: always('server.write_timeout', integer(1, 600, 'seconds'), '30', {
    meaning: 'of silence while answering',
  }),
  TRUSTED_PROXIES: always('server.trusted_proxies', addressRanges, '', {
    otherwise: 'none',
    meaning: 'whose `X-Forwarded-For` is believed',
  }),
  RATE_LIMIT_PER_MINUTE: always('server.rate_limit_per_minute', integer(1, 10_000_000), '100', {
    meaning:
      'requests of one account in a minute; a device has 6 times, an address without account 10 times as many, and every limit that a route names keeps its proportion',
  }),
  ...ACCOUNT_SETTINGS,
  GATE_ALONE_PER_HOUR: always('limits.gate_alone_per_hour', integer(1, 30_000), '300', {
    meaning:
      'people that a gate device which reaches nobody may let in within an hour; half as many again are let in and marked, then nobody',
  }),
  SKYPARK_DRAIN_DELAY_MS: always(
    'server.drain_delay_ms',
    integer(0, 60_000, 'milliseconds'),
    (textOf) => (isThisMachine(textOf('HOST')) ? '0' : '3500'),
    { otherwise: '`0` on loopback, else `3500`', meaning: 'from readiness turning 503 until the listener closes' },
  ),
  DATABASE_URL: secret('database.url', postgresAddress, 'the embedded database', 'PostgreSQL 15 to 18'),
  DB_HOST: optional('database.host', hostOrSocket, PARTS, {
    meaning: 'the database in parts: instead of `DATABASE_URL`, together with `DB_NAME` and `DB_USER`',
  }),
  DB_PORT: always('database.port', integer(1, 65_535), '5432', { meaning: 'of the database in parts' }),
  DB_NAME: optional('database.name', matching(/^[^/?#%\\]*$/, 'the plain name of a database'), PARTS, {
    meaning: 'of the database in parts',
  }),
  DB_USER: optional('database.user', aText, PARTS, { meaning: 'of the database in parts' }),
  DB_PASSWORD: secret('database.password', aText, PARTS, 'of the database in parts'),
  DB_SSL_MODE: optional(
    'database.ssl_mode',
    oneOf('disable', 'require', 'verify-full'),
    '`verify-full` off this machine',
    {
      meaning: 'how the connection to the database is encrypted, and whether its certificate is checked',
    },
  ),
  DB_POOL_SIZE: always('database.pool_size', integer(2, 100), '10', {
    meaning: 'connections for reading; appends have one of their own',
  }),
  REDIS_URL: secret(
    'redis.url',
    redisAddress,
    'each process counts limits by itself',
    'limits are counted over all processes, which also share answers about parks, places and tiers; while it is away each is on its own',
  ),
  RABBITMQ_URL: secret(
    'rabbitmq.url',
    amqpAddress,
    'events are read from the log',
    'events go over the exchange `skypark.<node>.events`; while it is away they are read from the log',
  ),
  S3_ENDPOINT: optional('s3.endpoint', webAddress, PICTURES, {
    meaning: 'pictures are kept in a bucket of a service that speaks S3; its address without the bucket',
  }),
  S3_BUCKET: optional('s3.bucket', bucketName, PICTURES, {
    meaning: "that bucket, which must be there and be this node's alone",
  }),
  S3_ACCESS_KEY: secret('s3.access_key', aText, PICTURES, 'what the service knows us by'),
  S3_SECRET_KEY: secret('s3.secret_key', aText, PICTURES, 'and what proves it'),
  S3_REGION: always('s3.region', matching(/^[a-z0-9-]{1,63}$/, 'lower-case letters, digits and hyphens'), 'us-east-1', {
    meaning: 'where the bucket is',
  }),
  JWT_PRIVATE_KEY_FILE: optional('jwt.private_key_file', aFile, DEMO_KEY, {
    meaning: 'PKCS #8 PEM, Ed25519, or RSA of 2048 bits or more (RS256): signs access tokens',
  }),
  JWT_OTHER_KEY_FILES: always('jwt.other_key_files', files, '', {
    otherwise: 'none',
    meaning: 'PEM, public keys will do: tokens of these keys are good, too: of the one before, and of the one to come',
  }),
  JWT_KEY_DAYS: optional('jwt.key_days', integer(1, 3650, 'days'), '90 where the program made the key, else never', {
    meaning:
      'when the key of access tokens is this old, the program puts another in its place; the folder has to be writable',
  }),
  NODE_KEY_FILE: optional('keys.node_key_file', aFile, DEMO_KEY, {
    meaning:
      'Ed25519, PKCS #8 PEM: signs what this node tells other nodes. A park needs it in production; headquarters as soon as a park has a node',
  }),
  ADMISSION_KEY_FILE: optional('keys.admission_key_file', aFile, DEMO_KEY, {
    meaning: 'Ed25519, PKCS #8 PEM: signs admission codes',
  }),
  ADMISSION_OLD_KEY_FILES: always('keys.admission_old_key_files', files, '', {
    otherwise: 'none',
    meaning: 'PEM, public keys will do: codes that these keys signed are good until their file is taken from the list',
  }),
  MASTER_KEY_FILE: optional('keys.master_key_file', aFile, DEMO_KEY, {
    meaning: '32 bytes of base64: wraps the subject keys. Lose it and no personal data can be read',
  }),
  ELQR_WIRE_PROFILE: always('payment.elqr.wire_profile', oneOf('finik-v1', 'bakai-v1'), 'finik-v1', {
    meaning:
      'what the ELQR provider speaks. `finik-v1` signs with RSA and can be asked how a payment stands; `bakai-v1` has a token, does not sign, and cannot be asked: what its message does not tell, its statement has to',
  }),
  ELQR_BASE_URL: optional('payment.elqr.base_url', webAddress, SANDBOX, { meaning: 'the ELQR provider' }),
  ELQR_API_KEY: secret(
    'payment.elqr.api_key',
    aText,
    SANDBOX,
    'what the ELQR provider knows us by; of `bakai-v1` the token that its one login gave',
  ),
  ELQR_ACCOUNT_ID: optional('payment.elqr.account_id', aText, SANDBOX, { meaning: 'our account at the ELQR provider' }),
  ELQR_SIGNING_KEY_FILE: optional('payment.elqr.signing_key_file', aFile, DEMO_KEY, {
    meaning: 'RSA, PEM: signs our requests to the ELQR provider',
  }),
  ELQR_WEBHOOK_PUBLIC_KEY_FILE: optional('payment.elqr.webhook_public_key_file', aFile, SANDBOX, {
    meaning: 'RSA, PEM: the key that the ELQR provider signs its webhooks with',
  }),
  ELQR_WEBHOOK_OTHER_KEY_FILES: always('payment.elqr.webhook_other_key_files', files, '', {
    otherwise: 'none',
    meaning:
      'further keys that the ELQR provider may sign its webhooks with. Name its next key before the change, or its old one after it, and take it away when the change is over',
  }),
  ELQR_ORDER_FORM: always('payment.elqr.order_form', oneOf('page', 'qr'), 'page', {
    meaning: '`bakai-v1`: whether a payer is sent to a page of the bank or shown a code',
  }),
  ELQR_WEBHOOK_SECRET: secret(
    'payment.elqr.webhook_secret',
    matching(/^[A-Za-z0-9_-]{16,128}$/, '16 to 128 letters, digits, _ and -'),
    SANDBOX,
    '`bakai-v1`: what the address of our webhook ends with, `/api/v1/payments/webhooks/elqr/…`, or a proxy puts into `x-webhook-secret`',
  ),
  ELQR_WEBHOOK_SENDERS: always('payment.elqr.webhook_senders', addressRanges, '', {
    otherwise: 'any',
    meaning: '`bakai-v1`: where its messages may come from',
  }),
  ELCARD_BASE_URL: optional('payment.elcard.base_url', webAddress, ELCARD_SANDBOX, { meaning: 'the ElCard provider' }),
  ELCARD_CLIENT_ID: optional('payment.elcard.client_id', aText, ELCARD_SANDBOX, {
    meaning: 'what the ElCard provider knows us by',
  }),
  ELCARD_CLIENT_SECRET: secret('payment.elcard.client_secret', aText, ELCARD_SANDBOX, 'and what proves it'),
  ELCARD_AUTH_MODE: always('payment.elcard.auth_mode', oneOf('client_credentials', 'login'), 'client_credentials', {
    meaning: 'whether that pair fetches a token, or goes with every form as `userName` and `password`',
  }),
  ELCARD_STATUSES: always('payment.elcard.statuses', orderStatuses, '', {
    otherwise: '0 to 6 as all banks have them',
    meaning:
      'what further numbers of `orderStatus` mean at this bank, or other ones; a number without a meaning leaves the outcome unknown',
  }),
  ...FISCAL_SETTINGS,
  SMS_BASE_URL: optional('sms.base_url', webAddress, ANNOUNCED, {
    meaning: 'text messages and one-time codes: the address of Nikita SMSPRO, without `/api/message`',
  }),
  SMS_LOGIN: optional('sms.login', aText, ANNOUNCED, { meaning: 'what the SMS operator knows us by' }),
  SMS_PASSWORD: secret('sms.password', aText, ANNOUNCED, 'and what proves it'),
  SMS_SENDER: optional(
    'sms.sender',
    matching(/^(?:[a-z0-9][a-z0-9 ._-]{0,10}|\d{1,15})$/i, 'up to 11 Latin letters and digits, or a number'),
    ANNOUNCED,
    { meaning: 'who text messages are from; the SMS operator approves it' },
  ),
  SMTP_URL: secret(
    'smtp.url',
    mailServer,
    ANNOUNCED,
    'mails: the server that takes them. In production it must offer TLS: `smtps://` from the first byte, `smtp://` by STARTTLS',
  ),
  SMTP_FROM: optional('smtp.from', mailSender, ANNOUNCED, { meaning: 'who mails are from' }),
  SKYPARK_SANDBOX_PORT: always('sandbox.port', integer(0, 65_535), '8090', {
    meaning: 'the provider sandbox, demo mode only',
  }),
  SKYPARK_ADMIN_PHONE: optional('admin.phone', aText, 'none', {
    meaning:
      'who becomes the first admin at a start while there is none; without it nobody can, for there is no default login',
  }),
  SKYPARK_ADMIN_PASSWORD: secret('admin.password', aText, 'none', 'of the first admin'),
  METRICS_TOKEN: secret('metrics.token', aText, 'none', 'when set, `/metrics` wants it as a Bearer token'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional('traces.otlp_endpoint', webAddress, 'none', {
    meaning: 'a collector that takes traces by OTLP over HTTP, at `/v1/traces` behind this address',
  }),
  LOG_LEVEL: always('log.level', oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info', {
    meaning: 'the least that is logged',
  }),
} satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;

/** The value of every setting, given or not. */
export type Values = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

/** In the order of the table. */
export const settings: readonly (readonly [name: SettingName, setting: Setting])[] = Object.entries(SETTINGS) as [
  SettingName,
  Setting,
][];

/** The variable that names a file with the secret in it. */
export const secretFileOf = (name: string): string => `${name}_FILE`;
