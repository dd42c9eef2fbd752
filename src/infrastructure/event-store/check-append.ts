import { assert } from '../../kernel/assert.ts';
import { isStorableText } from '../../kernel/canonical-json.ts';
import type { Append, ExpectedVersion, NewEvent } from '../../kernel/event-store.ts';
import { isUuid } from '../../kernel/ids.ts';

/** More would hold the log's lock for too long; split the work into several appends. */
const MOST_EVENTS = 10_000;
/** Widths of the columns event_type, aggregate_type and park_id. */
const MOST_CHARACTERS = 50;
const MOST_VERSION = 2_147_483_647;
const MOST_SCHEMA_VERSION = 32_767;
/** The end of the year 9999. */
const LAST_MS = 253_402_300_799_999;

const isWhole = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

export function checkUuid(id: string, what: string): void {
  assert(isUuid(id), `${what} is no UUID in lower case: ${JSON.stringify(id)}`);
}

function checkText(text: string, what: string): void {
  assert(text !== '' && isStorableText(text), `${what} cannot be stored: ${JSON.stringify(text)}`);
}

export function checkName(text: string, what: string): void {
  checkText(text, what);
  assert(text.length <= MOST_CHARACTERS, `${what} is longer than ${MOST_CHARACTERS} characters: ${text}`);
}

export function checkExpected(expected: ExpectedVersion): void {
  assert(typeof expected !== 'number' || isWhole(expected, 1, MOST_VERSION), `no such expected version: ${expected}`);
}

export function checkNewEvent({ id, type, schemaVersion }: NewEvent): void {
  checkUuid(id, 'an event id');
  checkName(type, 'an event type');
  assert(isWhole(schemaVersion, 1, MOST_SCHEMA_VERSION), `no such schema version: ${schemaVersion}`);
}

export function checkContext({ actor, correlationId, causationId, parkId, occurredAtMs }: Append['context']): void {
  checkText(actor, 'an actor');
  checkText(correlationId, 'a correlation id');
  if (causationId !== undefined) checkText(causationId, 'a causation id');
  if (parkId !== undefined) checkName(parkId, 'a park id');
  assert(isWhole(occurredAtMs, 0, LAST_MS), `no such instant: ${occurredAtMs}`);
}

/**
 * Refuses what no store can keep before it is queued, so that a caller's bug is the caller's alone. The data of the
 * events are checked where they are written down, by `canonicalJson`.
 * @throws BrokenInvariant
 */
export function checkAppend({ commandId, streams, transfers = [], claims = [], context }: Append): void {
  const events = streams.flatMap((stream) => stream.events);
  assert(events.length > 0, 'an append without events');
  assert(events.length <= MOST_EVENTS, `an append of ${events.length} events, at most ${MOST_EVENTS} are possible`);
  events.forEach(checkNewEvent);
  assert(new Set(events.map(({ id }) => id)).size === events.length, 'an append with the same event id twice');
  for (const { streamId, aggregateType, expected } of streams) {
    checkUuid(streamId, 'a stream id');
    checkName(aggregateType, 'an aggregate type');
    checkExpected(expected);
  }
  if (commandId !== undefined) checkUuid(commandId, 'a command id');
  for (const { from, to, amount } of transfers) {
    assert(
      isWhole(amount, 1, Number.MAX_SAFE_INTEGER) && from !== to,
      `no such transfer: ${amount} from ${from} to ${to}`,
    );
    for (const account of [from, to]) if (account !== null) checkText(account, 'an account');
  }
  for (const { scope, key, owner } of claims) {
    checkText(scope, 'a claim scope');
    checkText(key, 'a claim key');
    if (owner !== null) checkUuid(owner, 'an owner');
  }
  checkContext(context);
}
