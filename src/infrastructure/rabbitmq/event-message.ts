import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoredEvent } from '../../kernel/event-store.ts';
import type { OutgoingEvent } from '../event-store/event-relay.ts';

/** Not plain `application/json`: clients would parse it at once, and what is signed are the bytes. */
const CONTENT_TYPE = 'application/vnd.skypark.event+json';
const SIGNATURE = 'x-skypark-signature';

export type EventMessage = {
  readonly routingKey: string;
  readonly messageId: string;
  readonly contentType: string;
  readonly durable: true;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

const signatureOf = (key: Uint8Array, body: Buffer): Buffer => createHmac('sha256', key).update(body).digest();

/**
 * An event as a message: `{"event": …, "after": …}` as JSON in UTF-8, personal data as sealed in the log, the id of the event
 * as message id. The signature (HMAC-SHA256 over the bytes, base64) keeps others who may write to the broker from telling our
 * readers of payments that never were.
 */
export function encodeMessage({ event, after }: OutgoingEvent, key: Uint8Array): EventMessage {
  const body = Buffer.from(JSON.stringify({ event, after }));
  return {
    routingKey: event.type,
    messageId: event.id,
    contentType: CONTENT_TYPE,
    durable: true,
    headers: { [SIGNATURE]: signatureOf(key, body).toString('base64') },
    body,
  };
}

/** Null when the message is not one that {@link encodeMessage} made with this key. */
export function decodeMessage(
  { body, headers }: { readonly body: unknown; readonly headers?: Readonly<Record<string, unknown>> | undefined },
  key: Uint8Array,
): OutgoingEvent | null {
  const signature = headers?.[SIGNATURE];
  if (!Buffer.isBuffer(body) || typeof signature !== 'string') return null;
  const [given, right] = [Buffer.from(signature, 'base64'), signatureOf(key, body)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  // Made by a program that holds our key, so it has our shape.
  return JSON.parse(body.toString()) as { event: StoredEvent; after: Record<string, number> };
}
