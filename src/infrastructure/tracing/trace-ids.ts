import { createHash } from 'node:crypto';
import type { SpanPlace } from './tracing.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The trace of a correlation id: itself where it is the id of a trace, the digits of a UUID, or else made of it. So every
 * process finds the same trace for an event, and nothing but the event need be stored.
 */
export function traceIdFor(correlationId: string): string {
  const digits = correlationId.replaceAll('-', '').toLowerCase();
  return /^(?!0{32})[0-9a-f]{32}$/.test(digits) ? digits : digest(correlationId).slice(0, 32);
}

/** The span that says an event was stored. */
export const spanIdOfEvent = (eventId: string): string => digest(eventId).slice(0, 16);

/** What whoever handles an event continues. */
export const parentOfEvent = (event: { readonly id: string; readonly correlationId: string }): SpanPlace => ({
  traceId: traceIdFor(event.correlationId),
  spanId: spanIdOfEvent(event.id),
  isSampled: true,
});
