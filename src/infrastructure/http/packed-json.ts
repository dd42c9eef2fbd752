import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { parseStrictJson } from './strict-json.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

export const JSON_TYPE = 'application/json';
/** JSON in one gzip member. A content type of its own, so that nothing on the way unpacks or repacks it. */
export const PACKED_TYPE = 'application/gzip';

/** Below this, packing costs more than it saves. */
const SMALL_BYTES = 1024;

export type PackedJson = { readonly contentType: string; readonly bytes: Buffer };

/** JSON as it is sent, packed when it is large. */
export async function packJson(text: string, takesPacked = true): Promise<PackedJson> {
  const bytes = Buffer.from(text);
  if (!takesPacked || bytes.length < SMALL_BYTES) return { contentType: JSON_TYPE, bytes };
  return { contentType: PACKED_TYPE, bytes: await zip(bytes, { level: 1 }) };
}

export type Unpacked =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'malformed'; readonly detail: string };

/**
 * Reads JSON that may be packed. What would be larger than `mostBytes` when unpacked is given up at that many, however small
 * it came, and what holds more than `mostValues` before any is made.
 */
export async function unpackJson(
  { contentType, bytes }: PackedJson,
  mostBytes: number,
  mostValues?: number,
): Promise<Unpacked> {
  if (bytes.length > mostBytes) return { kind: 'too_large' };
  try {
    const isPacked = contentType.startsWith(PACKED_TYPE);
    const parsed = parseStrictJson(isPacked ? await unzip(bytes, { maxOutputLength: mostBytes }) : bytes, mostValues);
    return parsed.ok ? { kind: 'value', value: parsed.value } : { kind: 'malformed', detail: parsed.detail };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'too_large' };
    return { kind: 'malformed', detail: 'The body is not what gzip makes.' };
  }
}
