import { TypeOverrides, types } from 'pg';
import { assert, BrokenInvariant } from '../../kernel/assert.ts';

/** What may be bound to a parameter. JSON is passed as text made by `JSON.stringify`; an array becomes an SQL array. */
export type SqlValue = null | boolean | number | bigint | string | Uint8Array | readonly SqlValue[];

/** The type number of text[]; wider than the driver's list of types, which names no arrays. */
const TEXT_ARRAY: number = 1009;
const TIMESTAMP = /^(\d{4,6})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d)(?::?(\d\d))?$/;

/** int8 as a number; throws when it is beyond ±(2^53 − 1) rather than to round it. */
function parseInteger(text: string): number {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `bigint ${text} is too large for a number`);
  return value;
}

/** timestamptz as whole milliseconds since 1970, rounded down; ±Infinity for the infinite ones. */
export function parseInstant(text: string): number {
  if (text === 'infinity') return Infinity;
  if (text === '-infinity') return -Infinity;
  const match = TIMESTAMP.exec(text);
  const [, year = '', month, day, time, fraction = '', hours, minutes = '00'] = match ?? [];
  const isoYear = year.length > 4 ? `+${year.padStart(6, '0')}` : year;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const instantMs = Date.parse(`${isoYear}-${month}-${day}T${time}.${milliseconds}${hours}:${minutes}`);
  if (Number.isNaN(instantMs)) throw new BrokenInvariant(`timestamp ${text} cannot be read`);
  return instantMs;
}

const asText = (text: string): string => text;

function arrayOf(parse: (text: string) => unknown): (text: string) => unknown {
  // The driver declares its parsers as `any`.
  const split = types.getTypeParser(TEXT_ARRAY) as (text: string) => unknown;
  const parseEach = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(parseEach);
    return typeof item === 'string' ? parse(item) : item;
  };
  return (text) => parseEach(split(text));
}

/** Type numbers (pg_type.oid, fixed for built-in types), each with its array type. */
const PARSERS: readonly (readonly [oid: number, arrayOid: number, parse: (text: string) => unknown])[] = [
  [20, 1016, parseInteger], // int8
  [1700, 1231, asText], // numeric
  [1184, 1185, parseInstant], // timestamptz
  [1114, 1115, asText], // timestamp, which names no instant
  [1082, 1182, asText], // date, already YYYY-MM-DD
  [1186, 1187, asText], // interval
];

/**
 * How values of the server arrive: int8 as number, numeric and date as text, timestamptz as epoch milliseconds, json and
 * jsonb parsed, bytea as Buffer. Belongs to a connection, so no other user of the driver is affected.
 */
export function valueTypes(): TypeOverrides {
  const overrides = new TypeOverrides();
  for (const [oid, arrayOid, parse] of PARSERS) {
    overrides.setTypeParser(oid, parse);
    overrides.setTypeParser(arrayOid, arrayOf(parse));
  }
  return overrides;
}
