import { assert } from './assert.ts';
import type { Json, JsonObject } from './event-store.ts';

const LONE_SURROGATE = /\p{Surrogate}/u;
/** Nothing in it has to be looked for: the most texts are such. */
const PRINTABLE = /^[ -~]*$/;

/** Whether a text comes back from the store as it went in: PostgreSQL keeps no NUL, UTF-8 no half of a surrogate pair. */
export const isStorableText = (text: string): boolean =>
  PRINTABLE.test(text) || (!text.includes('\0') && !LONE_SURROGATE.test(text));

/** Most texts: nothing in them is escaped, and nothing cannot be stored. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function canonicalText(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  assert(
    isStorableText(text),
    `text with NUL or a lone surrogate cannot be stored: ${JSON.stringify(text.slice(0, 80))}`,
  );
  return JSON.stringify(text);
}

/**
 * JSON in the one form of RFC 8785 (JCS), so that equal data has equal bytes and thereby an equal hash: members sorted by
 * UTF-16 code units, no white space, ECMAScript's own text for strings and numbers.
 * @throws BrokenInvariant on what is no JSON (undefined, NaN) and on text that could not be stored as it is.
 */
export function canonicalJson(value: Json | undefined): string {
  if (typeof value === 'string') return canonicalText(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    assert(Number.isFinite(value), `${value} is no JSON`);
    return String(value);
  }
  assert(value !== undefined && typeof value === 'object', `${typeof value} is no JSON`);
  return isList(value) ? canonicalList(value) : canonicalObject(value);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function canonicalList(list: readonly Json[]): string {
  let text = '[';
  for (let at = 0; at < list.length; at += 1) text += `${at === 0 ? '' : ','}${canonicalJson(list[at])}`;
  return `${text}]`;
}

function canonicalObject(members: JsonObject): string {
  const names = Object.keys(members);
  if (!isSorted(names)) names.sort();
  let text = '{';
  for (const name of names) {
    text += `${text === '{' ? '' : ','}${canonicalText(name)}:${canonicalJson(members[name])}`;
  }
  return `${text}}`;
}

/** What was canonical once is sorted, and looking costs less than sorting. */
function isSorted(names: readonly string[]): boolean {
  for (let at = 1; at < names.length; at += 1) if ((names[at - 1] ?? '') > (names[at] ?? '')) return false;
  return true;
}
