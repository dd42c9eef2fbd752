import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Append, NewEvent } from '../../kernel/event-store.ts';
import { checkAppend } from './check-append.ts';
import { payloadHash } from './payload-hash.ts';

export type PreparedEvent = {
  readonly streamId: string;
  /** The members of its object in store.append's `events`, all but the stream's number `s`. */
  readonly members: string;
  readonly hash: Buffer;
};

/** An append checked and written down, so that a flush only has to put such texts together. */
export type PreparedAppend = {
  readonly append: Append;
  readonly events: readonly PreparedEvent[];
};

function prepareEvent(
  append: Append,
  aggregateType: string,
  { id, type, schemaVersion, data }: NewEvent,
  commandId: string | null,
): Omit<PreparedEvent, 'streamId'> {
  const { actor, correlationId, causationId = null, parkId = null, occurredAtMs } = append.context;
  const dataText = canonicalJson(data);
  const envelope = JSON.stringify({
    id,
    a: aggregateType,
    t: type,
    o: occurredAtMs,
    p: parkId,
    co: correlationId,
    ca: causationId,
    c: commandId,
    ac: actor,
    v: schemaVersion,
  });
  const hash = payloadHash({
    id,
    aggregateType,
    eventType: type,
    schemaVersion,
    dataText,
    parkId,
    actor,
    correlationId,
    causationId,
    commandId,
  });
  return { members: `"d":${dataText},${envelope.slice(1, -1)}`, hash };
}

/** @throws BrokenInvariant when the append can be stored by no store. */
export function prepareAppend(append: Append): PreparedAppend {
  checkAppend(append);
  // The command id stands on the first event alone: there it is unique.
  let commandId = append.commandId ?? null;
  const events: PreparedEvent[] = [];
  for (const { streamId, aggregateType, events: own } of append.streams) {
    for (const event of own) {
      events.push({ streamId, ...prepareEvent(append, aggregateType, event, commandId) });
      commandId = null;
    }
  }
  return { append, events };
}
