import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { AuthoredEvent } from '../../kernel/replication.ts';
import { firstLink, nextLink, payloadHash } from './payload-hash.ts';

export const linkText = (link: Uint8Array): string => Buffer.from(link).toString('base64url');
export const linkBytes = (text: string): Buffer => Buffer.from(text, 'base64url');

/** What every chain starts from. */
export const BEGINNING = linkText(firstLink());

/**
 * The hash of what an event says, from what came with it and nothing else: a changed event gets another one.
 * @param dataText its data as canonical JSON
 */
export const authoredHash = (event: AuthoredEvent, dataText = canonicalJson(event.data)): Buffer =>
  payloadHash({
    id: event.id,
    aggregateType: event.aggregateType,
    eventType: event.type,
    schemaVersion: event.schemaVersion,
    dataText,
    parkId: event.parkId,
    actor: event.actor,
    correlationId: event.correlationId,
    causationId: event.causationId,
    commandId: event.commandId,
  });

const linkAfter = (previous: Buffer, event: AuthoredEvent, hash: Buffer): Buffer =>
  nextLink(
    previous,
    {
      incarnation: event.incarnation,
      seq: event.seq,
      streamId: event.streamId,
      version: event.version,
      hlc: BigInt(event.hlc),
      occurredAtMs: event.occurredAtMs,
    },
    hash,
  );

/** The link that an event has behind `previous`, as base64url. */
export const authoredLink = (event: AuthoredEvent, previous: string, hash = authoredHash(event)): string =>
  linkText(linkAfter(linkBytes(previous), event, hash));

/** The seq of the first event that is not what its link says; null when all are. */
export function brokenLink(events: readonly AuthoredEvent[], previousLink: string): number | null {
  let previous = linkBytes(previousLink);
  for (const event of events) {
    const link = linkAfter(previous, event, authoredHash(event));
    if (linkText(link) !== event.link) return event.seq;
    previous = link;
  }
  return null;
}
