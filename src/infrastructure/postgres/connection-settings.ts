import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import { valueTypes } from './value-types.ts';

/**
 * Schemas in which unqualified names are looked up, in this order: tables are known by their own names alone.
 * A schema that does not exist is passed over.
 */
export const SEARCH_PATH = [
  'public',
  'store',
  'users',
  'auth',
  'park',
  'booking',
  'admission',
  'payment',
  'loyalty',
  'http',
] as const;

/** `require` encrypts without checking who answers; `verify-full` checks certificate and host name. */
export type SslMode = 'disable' | 'require' | 'verify-full';

export type ConnectionSettings = {
  /** `postgres://user:password@host:port/database`; a Unix socket as `?host=/path`. */
  readonly url: string;
  readonly applicationName: string;
  /** Wins over `sslmode` in the URL. Without either: `verify-full`, and `disable` on this machine. */
  readonly ssl?: SslMode | undefined;
  /** Role taken on at connect, so that the rights of the login role are out of reach. */
  readonly role?: string | undefined;
  /** The server cancels what runs longer; 0 for no limit. Default 10 000. */
  readonly statementTimeoutMs?: number | undefined;
  /** The server ends a connection that does nothing inside a transaction for longer. Default: as for a statement. */
  readonly idleTimeoutMs?: number | undefined;
  /** Longest wait for a new connection, or for a free one of the pool. Default 5 000. */
  readonly connectTimeoutMs?: number | undefined;
};

const SSL_MODES: readonly SslMode[] = ['disable', 'require', 'verify-full'];
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?|\/.*|%2f.*)$/i;
export const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
/** The driver gives up this much after the server should have: the connection is then dead. */
const ANSWER_GRACE_MS = 5_000;

type UrlParts = { readonly base: string; readonly host: string; readonly parameters: URLSearchParams };

/** No message here repeats the URL: it may hold a password. */
function splitUrl(url: string): UrlParts {
  const match = /^postgres(?:ql)?:\/\/([^/?]*)/.exec(url);
  if (match === null) throw new RangeError('the database URL must begin with postgres:// or postgresql://');
  const [base = '', query] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  const authority = match[1] ?? '';
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1);
  const host = parameters.get('host') ?? hostAndPort.replace(/:\d*$/, '');
  if (host === '') throw new RangeError('the database URL names no host');
  return { base, host, parameters };
}

function sslModeOf(settings: ConnectionSettings, { host, parameters }: UrlParts): SslMode {
  if (settings.ssl !== undefined) return settings.ssl;
  const asked = parameters.get('sslmode');
  if (asked === null) return LOCAL_HOST.test(host) ? 'disable' : 'verify-full';
  const mode = SSL_MODES.find((known) => known === asked);
  if (mode === undefined) throw new RangeError(`sslmode must be one of ${SSL_MODES.join(', ')}`);
  return mode;
}

function tlsOf(mode: SslMode, parameters: URLSearchParams): NonNullable<ClientConfig['ssl']> {
  if (mode === 'disable') return false;
  const rootCertificate = parameters.get('sslrootcert');
  return {
    rejectUnauthorized: mode === 'verify-full',
    ...(rootCertificate === null ? {} : { ca: readFileSync(rootCertificate, 'utf8') }),
  };
}

/** Settings of the session, sent with the connection itself: no round trip, and `reset all` comes back to them. */
function sessionOptions(settings: ConnectionSettings, statementTimeoutMs: number): string {
  const values: Record<string, string> = {
    search_path: SEARCH_PATH.join(','),
    timezone: 'UTC',
    datestyle: 'ISO',
    statement_timeout: String(statementTimeoutMs),
    // A process that was stopped inside a transaction must not hold its row locks for ever.
    idle_in_transaction_session_timeout: String(settings.idleTimeoutMs ?? statementTimeoutMs),
    ...(settings.role === undefined ? {} : { role: settings.role }),
  };
  return Object.entries(values)
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
    .join(' ');
}

/**
 * The driver's configuration of one connection. Throws `RangeError` on a URL or `sslmode` it cannot use. Behind a pooler
 * that drops startup options, the same settings must be given to the login role by `ALTER ROLE … SET`.
 */
export function clientConfig(settings: ConnectionSettings): ClientConfig {
  const parts = splitUrl(settings.url);
  const ssl = tlsOf(sslModeOf(settings, parts), parts.parameters);
  const rest = new URLSearchParams(parts.parameters);
  for (const handled of ['sslmode', 'sslrootcert', 'options']) rest.delete(handled);
  const statementTimeoutMs = settings.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const askedOptions = parts.parameters.get('options') ?? '';
  return {
    connectionString: rest.size === 0 ? parts.base : `${parts.base}?${rest.toString()}`,
    application_name: settings.applicationName,
    ssl,
    options: `${askedOptions} ${sessionOptions(settings, statementTimeoutMs)}`.trimStart(),
    connectionTimeoutMillis: settings.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    ...(statementTimeoutMs === 0 ? {} : { query_timeout: statementTimeoutMs + ANSWER_GRACE_MS }),
    keepAlive: true,
    types: valueTypes(),
  };
}
