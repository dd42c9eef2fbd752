import { parseStrictJson } from '../../http/strict-json.ts';

/** A JSON value; what a provider sends, or what is sent to one. */
type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

/**
 * Compact JSON with keys sorted at every depth and everything beyond ASCII escaped: published verifiers sort one level or
 * all and escape or not, and only such a text is the same to all of them.
 */
export const canonicalJson = (value: Value): string => escapeBeyondAscii(JSON.stringify(sortDeep(value)));

function sortDeep(value: Value): Value {
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map(sortDeep);
  const entries = Object.entries(value).map(([key, item]): [string, Value] => [key, sortDeep(item)]);
  return Object.fromEntries(entries.sort(byKey));
}

const isArray = (value: Value): value is readonly Value[] => Array.isArray(value);
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : Number(a > b);
const escapeBeyondAscii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * The texts that a sender may have signed for a body it sent: the bytes as they are, and its top-level keys sorted, once
 * plain and once escaped to ASCII. All of them mean what `parseJson` reads from the bytes; a body with two meanings, such
 * as one with a name twice, has no reading but its bytes.
 */
export function bodyReadings(rawBody: Uint8Array): readonly string[] {
  const raw = Buffer.from(rawBody).toString('utf8');
  const parsed = parseObject(rawBody);
  if (parsed === null) return [raw];
  const sorted = JSON.stringify(Object.fromEntries(Object.entries(parsed).sort(byKey)));
  return [...new Set([raw, sorted, escapeBeyondAscii(sorted)])];
}

function parseObject(bytes: Uint8Array): object | null {
  const parsed = parseStrictJson(Buffer.from(bytes));
  return parsed.ok && typeof parsed.value === 'object' && !Array.isArray(parsed.value) ? parsed.value : null;
}

/** The value of a JSON text, or null when it is none. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
