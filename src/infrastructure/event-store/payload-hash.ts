import { hash } from 'node:crypto';

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

/** Most texts: nothing in them is escaped. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const text = (value: string | null): string =>
  value !== null && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);

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
  return hash('sha256', canonical, 'buffer');
}

export type LinkEnvelope = {
  readonly incarnation: string;
  readonly seq: number;
  readonly streamId: string;
  readonly version: number;
  readonly hlc: bigint;
  readonly occurredAtMs: number;
};

const LINK_TAG = Buffer.from('skypark/link/1', 'utf8');
/** The fixed-width envelope: incarnation, seq, stream, version, stamp, instant. Written over by each call, and read before it ends. */
const envelopeBytes = Buffer.alloc(16 + 8 + 16 + 4 + 8 + 8);

const writeUuid = (uuid: string, at: number): number => envelopeBytes.write(uuid.replaceAll('-', ''), at, 'hex');

/** The next link of the hash chain: SHA-256 over a tag, the previous link, the fixed-width envelope and the payload hash. */
export function nextLink(previous: Buffer, envelope: LinkEnvelope, payload: Buffer): Buffer {
  writeUuid(envelope.incarnation, 0);
  envelopeBytes.writeBigInt64BE(BigInt(envelope.seq), 16);
  writeUuid(envelope.streamId, 24);
  envelopeBytes.writeInt32BE(envelope.version, 40);
  envelopeBytes.writeBigInt64BE(envelope.hlc, 44);
  envelopeBytes.writeBigInt64BE(BigInt(envelope.occurredAtMs), 52);
  return hash('sha256', Buffer.concat([LINK_TAG, previous, envelopeBytes, payload]), 'buffer');
}

/** What the chain of a new log starts from. */
export const firstLink = (): Buffer => hash('sha256', 'skypark/log/1', 'buffer');
