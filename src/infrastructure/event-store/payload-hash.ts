import { createHash } from 'node:crypto';

/** Everything an event says that is not in the fixed-width envelope of its link. */
export type HashedPayload = {
  readonly id: string;
  readonly aggregateType: string;
  readonly eventType: string;
  readonly schemaVersion: number;
  /** The event's data as canonical JSON; personal fields enter as ciphertext. */
  readonly dataText: string;
  readonly parkId: string | null;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly commandId: string | null;
};

const text = (value: string | null): string => JSON.stringify(value);

/**
 * SHA-256 of the payload's canonical JSON (RFC 8785) in UTF-8. Its members are named as the log's columns and written here
 * in their canonical order.
 */
export function payloadHash(payload: HashedPayload): Buffer {
  const { id, aggregateType, eventType, schemaVersion, dataText } = payload;
  const { parkId, actor, correlationId, causationId, commandId } = payload;
  const canonical =
    `{"actor":${text(actor)},"aggregate_type":${text(aggregateType)},"causation_id":${text(causationId)}` +
    `,"command_id":${text(commandId)},"correlation_id":${text(correlationId)},"event_data":${dataText}` +
    `,"event_type":${text(eventType)},"id":${text(id)},"park_id":${text(parkId)},"schema_version":${schemaVersion}}`;
  return createHash('sha256').update(canonical, 'utf8').digest();
}

const LINK_TAG = Buffer.from('skypark/link/1', 'utf8');

export type LinkEnvelope = {
  readonly incarnation: string;
  readonly seq: number;
  readonly streamId: string;
  readonly version: number;
  readonly hlc: bigint;
  readonly occurredAtMs: number;
};

const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

/** The next link of the hash chain: SHA-256 over a tag, the previous link, the fixed-width envelope and the payload hash. */
export function nextLink(previous: Buffer, envelope: LinkEnvelope, payload: Buffer): Buffer {
  const numbers = Buffer.alloc(8 + 4 + 8 + 8);
  numbers.writeBigInt64BE(BigInt(envelope.seq), 0);
  numbers.writeInt32BE(envelope.version, 8);
  numbers.writeBigInt64BE(envelope.hlc, 12);
  numbers.writeBigInt64BE(BigInt(envelope.occurredAtMs), 20);
  return createHash('sha256')
    .update(LINK_TAG)
    .update(previous)
    .update(uuidBytes(envelope.incarnation))
    .update(numbers.subarray(0, 8))
    .update(uuidBytes(envelope.streamId))
    .update(numbers.subarray(8))
    .update(payload)
    .digest();
}

/** What the chain of a new log starts from. */
export const firstLink = (): Buffer => createHash('sha256').update('skypark/log/1', 'utf8').digest();
