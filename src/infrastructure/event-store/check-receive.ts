import { assert } from '../../kernel/assert.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { AuthoredEvent, Receive } from '../../kernel/replication.ts';
import { checkContext, checkExpected, checkName, checkNewEvent, checkUuid } from './check-append.ts';

/** The bytes of a link in base64url. */
const LINK = /^[A-Za-z0-9_-]{43}$/;
const STAMP = /^\d{1,18}$/;
const MOST_APPENDED = 10_000;

const isCount = (value: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= most;

/** Whatever an append of its author had to be is checked of each event, since nobody else has checked it here. */
function checkEvent(event: AuthoredEvent): void {
  const { streamId, aggregateType, commandId, causationId, parkId, actor, correlationId, occurredAtMs } = event;
  checkNewEvent(event);
  checkUuid(streamId, 'a stream id');
  checkName(aggregateType, 'an aggregate type');
  checkExpected(event.version);
  if (commandId !== null) checkUuid(commandId, 'a command id');
  checkContext({
    actor,
    correlationId,
    occurredAtMs,
    ...(causationId === null ? {} : { causationId }),
    ...(parkId === null ? {} : { parkId }),
  });
  assert(isUuid(event.incarnation) && event.nodeId !== '', `event ${event.id} names no author`);
  assert(isCount(event.seq) && isCount(event.appendSize, MOST_APPENDED), `event ${event.id} has no place`);
  assert(STAMP.test(event.hlc) && LINK.test(event.link), `event ${event.id} has no stamp or link`);
  assert(Number.isSafeInteger(event.recordedAtMs) && event.recordedAtMs >= 0, `event ${event.id} was never recorded`);
}

/**
 * Refuses what no store could keep, before it gets there.
 * @throws BrokenInvariant
 */
export function checkReceive({ events, chain }: Receive): void {
  events.forEach(checkEvent);
  const places = new Set(events.map(({ incarnation, seq }) => `${incarnation}/${seq}`));
  assert(places.size === events.length, 'an event twice in what was received');
  if (chain === null) return;
  assert(events.length > 0, 'a chain without events');
  for (const [index, { nodeId, incarnation, seq }] of events.entries()) {
    assert(nodeId === chain.nodeId && incarnation === chain.incarnation, `event ${seq} is not of this chain's author`);
    assert(seq === chain.first + index, `event ${seq} stands where ${chain.first + index} should`);
  }
}
