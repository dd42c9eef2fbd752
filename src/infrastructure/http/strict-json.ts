import { isUtf8 } from 'node:buffer';

/** Deepest nesting of arrays and objects that a body may have. */
export const MAX_JSON_DEPTH = 32;

export type StrictJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

type Scan = {
  readonly members: number;
  /** At least as many as there are, with each member and element: every one but the first comes after a comma or an opening. */
  readonly values: number;
  readonly tooDeep: boolean;
  readonly escapes: boolean;
};

/** One pass over the bytes: counts the members of all objects and finds nesting that is too deep and escapes in texts. */
function scan(bytes: Uint8Array): Scan {
  let members = 0;
  let values = 1;
  let depth = 0;
  let escapes = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      for (at += 1; at < bytes.length && bytes[at] !== QUOTE; at += 1) {
        if (bytes[at] === BACKSLASH) {
          escapes = true;
          at += 1;
        }
      }
    } else if (byte === COLON) {
      members += 1;
    } else if (byte === COMMA) {
      values += 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      values += 1;
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return { members, values, tooDeep: true, escapes };
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  return { members, values, tooDeep: false, escapes };
}

/** Members of all objects of a parsed value, or -1 when one has a name that could reach a prototype. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item !== 'object') continue;
      const inner = countMembers(item);
      if (inner < 0) return -1;
      count += inner;
    }
    return count;
  }
  for (const [name, member] of Object.entries(value)) {
    if (isForbiddenName(name)) return -1;
    const inner = typeof member === 'object' ? countMembers(member) : 0;
    if (inner < 0) return -1;
    count += 1 + inner;
  }
  return count;
}

/** Names that must never become a property. */
export const isForbiddenName = (name: string): boolean =>
  name === '__proto__' || name === 'constructor' || name === 'prototype';

const LONE_SURROGATE = /\p{Surrogate}/u;

const isCleanText = (text: string): boolean => !text.includes('\0') && !LONE_SURROGATE.test(text);

function hasCleanTexts(value: unknown): boolean {
  if (typeof value === 'string') return isCleanText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasCleanTexts);
  return Object.entries(value).every(([name, member]) => isCleanText(name) && hasCleanTexts(member));
}

const refused = (detail: string): StrictJson => ({ ok: false, detail });

/**
 * Parses JSON that has one meaning only: valid UTF-8 without a byte order mark, no duplicate names, no NUL and no lone
 * surrogate in texts, at most {@link MAX_JSON_DEPTH} levels, no name that could reach a prototype.
 *
 * `JSON.parse` keeps the last of two members with one name. Every member has exactly one colon outside of texts, so there
 * were duplicates if and only if the parsed value has fewer members than the source has such colons.
 * @param mostValues more elements and members are refused before any is made: a few bytes of text can be many of memory
 */
export function parseStrictJson(bytes: Buffer, mostValues = Number.POSITIVE_INFINITY): StrictJson {
  if (!isUtf8(bytes)) return refused('The body is not valid UTF-8.');
  const found = scan(bytes);
  if (found.tooDeep) return refused(`The body is nested deeper than ${MAX_JSON_DEPTH} levels.`);
  if (found.values > mostValues) return refused(`The body holds more than ${mostValues} values.`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return refused('The body is not valid JSON.');
  }
  const members = countMembers(value);
  if (members < 0) return refused('A member has a reserved name.');
  if (members !== found.members) return refused('An object has two members with the same name.');
  // A NUL or half of a surrogate pair can only enter through an escape: raw ones are not valid JSON or not valid UTF-8.
  if (found.escapes && !hasCleanTexts(value))
    return refused('A text contains a NUL character or half of a surrogate pair.');
  return { ok: true, value };
}
