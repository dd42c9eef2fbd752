import type { SpanPlace } from '../tracing/tracing.ts';

const SAFE_ID = /^[A-Za-z0-9._-]{1,64}$/;
const TRACE = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);

/** The request id a client sent, if it is safe to log and to return. */
export const acceptedRequestId = (header: unknown): string | null =>
  typeof header === 'string' && SAFE_ID.test(header) ? header : null;

/** What a W3C `traceparent` header of version 00 says, or null. All-zero ids are invalid there. */
export function traceParentOf(header: unknown): SpanPlace | null {
  if (typeof header !== 'string') return null;
  const [, traceId, spanId, flags] = TRACE.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || traceId === ZERO_TRACE || spanId === ZERO_SPAN) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags ?? '', 16) & 1) === 1 };
}

/** The trace id of such a header, or null. */
export const traceIdOf = (header: unknown): string | null => traceParentOf(header)?.traceId ?? null;
