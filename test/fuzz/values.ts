import fc from 'fast-check';
import { isRecord } from '../../src/infrastructure/http/json-schema.ts';

/** A schema of the OpenAPI document. */
export type Schema = Readonly<Record<string, unknown>>;
export type Schemas = Readonly<Record<string, Schema>>;

/** Stands for an id that some answer told, chosen when the request is sent: `@id:17`. */
const KNOWN_ID = /^@id:(\d+)$/;
export const knownId = fc.nat(9_999).map((index) => `@id:${index}`);

/** Chooses an id that is known by now for a field of that name. */
export type PickId = (index: number, name: string) => string;

/** The same value with ids that are known by now in place of what stands for them. */
export function withIds(value: unknown, pick: PickId, name = ''): unknown {
  if (typeof value === 'string') {
    const index = KNOWN_ID.exec(value)?.[1];
    return index === undefined ? value : pick(Number(index), name);
  }
  if (Array.isArray(value)) return value.map((item) => withIds(item, pick, name));
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([inside, item]) => [inside, withIds(item, pick, inside)]))
    : value;
}

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u202Egnp.exe',
  '\u200B',
  '\u{1F9D2}\u{1F3FF}',
  'İstanbul',
  "'; drop table store.event; --",
  '$' + '{7*7}{{7*7}}<%= 7*7 %>',
  '$(id)`id`|id;id',
  '*)(uid=*))(|(uid=*',
  '<script>alert(1)</script>',
  'a\r\nset-cookie: a=b',
  '../../../../etc/passwd',
  '__proto__',
  '=cmd|calc!A1',
  `${'a'.repeat(60)}!`,
  '0'.repeat(400),
  'NaN',
  'null',
  '-0',
  '1e999',
  '2026-02-30',
  '9999-12-31T23:59:60Z',
];
const NUMBERS = [0, -0, -1, 0.1, 1e9, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324, Number.MAX_SAFE_INTEGER] as const;

/** Values that mean something to other programs, or sit at the edge of a type. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.constantFrom<unknown>(...NUMBERS),
  fc.constantFrom<unknown>(null, true, false, [], {}, [[[[[]]]]], { constructor: { prototype: 1 } }, [null]),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const numberOf = (schema: Schema, name: string): number | undefined => {
  const value = schema[name];
  return typeof value === 'number' ? value : undefined;
};

const DATE_RANGE = { min: new Date('2026-11-25'), max: new Date('2027-03-10'), noInvalidDate: true };

function textOf(schema: Schema): fc.Arbitrary<unknown> {
  const { format, pattern } = schema;
  if (format === 'uuid') return fc.oneof({ weight: 6, arbitrary: knownId }, fc.uuid());
  if (format === 'date') return fc.date(DATE_RANGE).map((date) => date.toISOString().slice(0, 10));
  if (format === 'date-time') return fc.date(DATE_RANGE).map((date) => date.toISOString());
  if (format === 'email') return fc.emailAddress();
  const [minLength, maxLength] = [numberOf(schema, 'minLength') ?? 0, numberOf(schema, 'maxLength') ?? 60];
  const most = Math.max(minLength, Math.min(maxLength, 60));
  if (typeof pattern === 'string') {
    return fc.stringMatching(new RegExp(pattern, 'u')).map((text) => text.slice(0, maxLength));
  }
  return fc.string({ unit: 'grapheme', minLength, maxLength: most });
}

const orExample = (schema: Schema, arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  schema['example'] === undefined
    ? arbitrary
    : fc.oneof({ weight: 3, arbitrary: fc.constant(schema['example']) }, { weight: 1, arbitrary });

function objectOf(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const properties = isRecord(schema['properties']) ? (schema['properties'] as Schemas) : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as string[]) : [];
  const members = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueOf(one, schemas)]));
  return fc.record(members, { requiredKeys: required.filter((name) => name in members), noNullPrototype: true });
}

/** Values that a schema allows. */
export function valueOf(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const { $ref: ref } = schema;
  if (typeof ref === 'string') return valueOf(schemas[ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  const plain = orExample(schema, plainOf(schema, schemas));
  return schema['nullable'] === true ? fc.oneof({ weight: 4, arbitrary: plain }, fc.constant(null)) : plain;
}

function plainOf(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const [min, max] = [numberOf(schema, 'minimum') ?? -1_000, numberOf(schema, 'maximum') ?? 1_000_000];
  switch (schema['type']) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.oneof(fc.integer({ min, max: Math.min(max, min + 20) }), fc.integer({ min, max }));
    case 'number':
      return fc.double({ min, max, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array': {
      const minLength = numberOf(schema, 'minItems') ?? 0;
      const maxLength = Math.max(minLength, Math.min(numberOf(schema, 'maxItems') ?? 4, 4));
      return fc.array(valueOf((schema['items'] ?? {}) as Schema, schemas), { minLength, maxLength });
    }
    case 'object':
      return objectOf(schema, schemas);
    default:
      return hostileValue;
  }
}

/** The places in a value, as paths of names and indexes; the value itself is the empty path. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inside = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return [path, ...inside.flatMap(([name, item]) => placesIn(item, [...path, name]))];
}

function changedAt(value: unknown, [name, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (name === undefined) return to;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === name ? changedAt(item, rest, to) : item));
  if (!isRecord(value)) return value;
  const isGone = rest.length === 0 && to === undefined;
  const others = Object.entries(value).filter(([one]) => one !== name);
  return Object.fromEntries([...others, ...(isGone ? [] : [[name, changedAt(value[String(name)], rest, to)]])]);
}

/** The same value with one place of it taken out, doubled, or made hostile. */
export const mutated = (value: unknown): fc.Arbitrary<unknown> =>
  fc
    .record({
      at: fc.nat(),
      to: fc.oneof(
        { weight: 6, arbitrary: hostileValue },
        { weight: 2, arbitrary: fc.constant(undefined) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'x'.repeat(70_000),
            Array.from({ length: 3_000 }, () => 1),
          ),
        },
      ),
    })
    .map(({ at, to }) => {
      const places = placesIn(value);
      return changedAt(value, places[at % places.length] ?? [], to);
    });
