import { DatabaseError } from 'pg';
import { StoreUnavailable } from '../../kernel/event-store.ts';

/** SQLSTATE codes on which a caller decides something. Source: PostgreSQL manual, appendix A. */
export const sqlState = {
  uniqueViolation: '23505',
  lockNotAvailable: '55P03',
  insufficientPrivilege: '42501',
  duplicateObject: '42710',
  undefinedObject: '42704',
  internalError: 'XX000',
  queryCanceled: '57014',
  tooManyConnections: '53300',
  featureNotSupported: '0A000',
} as const;

/**
 * The server is alive or was, but does not do the work now: cancelled by a timeout, shut down, starting, a broken
 * session, demoted to a standby, out of a resource.
 */
const UNAVAILABLE_STATES: ReadonlySet<string> = new Set([
  sqlState.lockNotAvailable,
  sqlState.queryCanceled, // as by statement_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '25006', // read_only_sql_transaction: the primary became a standby
]);

/** Connection exceptions and insufficient resources (too many connections, disk or memory full). */
const UNAVAILABLE_CLASSES: ReadonlySet<string> = new Set(['08', '53']);

/**
 * The data itself is at fault, so that whoever tries it again fails alike: cardinality violations, data exceptions, violated
 * constraints, and what functions raise themselves.
 */
const DATA_CLASSES: ReadonlySet<string> = new Set(['21', '22', '23', 'P0']);

/** What the driver says without a code when the connection is gone, timed out, or the pool is closed. */
const DRIVER_MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout expired|timeout exceeded when trying to connect|Cannot use a pool after calling end|There was an error establishing an SSL connection)/;

/** The SQLSTATE of a database error or of the error that it was mapped from; null when there is none. */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof DatabaseError) return error.code ?? null;
  return error instanceof StoreUnavailable ? sqlStateOf(error.cause) : null;
}

/** The name of the violated constraint, null when the error is about none. */
export const constraintOf = (error: unknown): string | null =>
  error instanceof DatabaseError ? (error.constraint ?? null) : null;

/**
 * What is wrong with the data that a statement was given, in words that say nothing of the data; null when trying again may help.
 */
export function dataFaultOf(error: unknown): string | null {
  if (!(error instanceof DatabaseError) || !DATA_CLASSES.has(error.code?.slice(0, 2) ?? '')) return null;
  const { code = '', constraint, where = '' } = error;
  const [, inner = 'a statement'] = /(?:PL\/pgSQL|SQL) function "?([\w.]+)/.exec(where) ?? [];
  return `${inner} fails with ${code}${constraint === undefined ? '' : ` of ${constraint}`}`;
}

/** A plan cached in this session no longer fits the tables; every later call of the statement would fail alike. */
const isStalePlan = (error: DatabaseError): boolean =>
  error.code === sqlState.featureNotSupported && error.routine === 'RevalidateCachedQuery';

function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    const code = error.code ?? '';
    return UNAVAILABLE_STATES.has(code) || UNAVAILABLE_CLASSES.has(code.slice(0, 2)) || isStalePlan(error);
  }
  if (!(error instanceof Error)) return false;
  return 'syscall' in error || error instanceof AggregateError || DRIVER_MESSAGES.test(error.message);
}

/**
 * What callers outside this folder see: `StoreUnavailable`, with the driver's error as its cause, when trying again later
 * can help; everything else as it came, a `DatabaseError` with its SQLSTATE in `code`.
 */
export function asStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailable || !isUnavailable(error)) return error;
  const reason = error instanceof Error && error.message !== '' ? error.message : 'connection refused';
  return new StoreUnavailable(`PostgreSQL is not available: ${reason}`, { cause: error });
}

/**
 * Whether the server is there and gave up on this very statement, which took too long or too much: the next one may well be done.
 */
export function isTooMuch(error: unknown): boolean {
  if (!(error instanceof StoreUnavailable)) return false;
  const state = sqlStateOf(error) ?? '';
  return state === sqlState.queryCanceled || (state.startsWith('53') && state !== sqlState.tooManyConnections);
}

/** Whether the connection on which `error` arose must not be used again. */
export function isSpent(error: unknown): boolean {
  if (!(error instanceof StoreUnavailable)) return false;
  const state = sqlStateOf(error);
  return state !== sqlState.queryCanceled && state !== sqlState.lockNotAvailable;
}
