const SAFE_ID = /^[A-Za-z0-9._-]{1,64}$/;
const TRACE = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);

/** The request id a client sent, if it is safe to log and to return. */
export const acceptedRequestId = (header: unknown): string | null =>
  typeof header === 'string' && SAFE_ID.test(header) ? header : null;

/** The trace id of a W3C `traceparent` header of version 00, or null. All-zero ids are invalid there. */
export function traceIdOf(header: unknown): string | null {
  if (typeof header !== 'string') return null;
  const match = TRACE.exec(header);
  const trace = match?.[1];
  return trace === undefined || trace === ZERO_TRACE || match?.[2] === ZERO_SPAN ? null : trace;
}
