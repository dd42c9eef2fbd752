import type { TSchema } from 'typebox';
import { assert } from '../../kernel/assert.ts';

/** A JSON Schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export const isRecord = (value: unknown): value is { [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What was made of a schema, for as long as there is that schema: most stand in the code, and every server of a process asks for them. */
export const madeOnce = <Schema extends object, Made extends object>(make: (schema: Schema) => Made) => {
  const made = new WeakMap<Schema, Made>();
  return (schema: Schema): Made => {
    const known = made.get(schema) ?? make(schema);
    made.set(schema, known);
    return known;
  };
};

/** A schema as plain data, without what the builder attaches to it. */
export const plainSchema = madeOnce((schema: TSchema): JsonSchema => {
  const copy: unknown = JSON.parse(JSON.stringify(schema));
  assert(isRecord(copy), 'a schema is an object');
  return copy;
});

/** Keywords whose value is a map from a name to a schema. Names inside are not keywords. */
const MAPS = new Set(['properties', 'patternProperties', '$defs']);
/** Keywords that hold data, not schemas. */
const DATA = new Set(['enum', 'const', 'example', 'examples', 'default', 'required']);

/** Rebuilds a schema from the leaves up; `change` sees every schema in it after its parts. */
export function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const copy: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword)) copy[keyword] = value;
    else if (MAPS.has(keyword) && isRecord(value)) copy[keyword] = mapValues(value, change);
    else if (Array.isArray(value))
      copy[keyword] = value.map((item: unknown) => (isRecord(item) ? mapSchema(item, change) : item));
    else copy[keyword] = isRecord(value) ? mapSchema(value, change) : value;
  }
  return change(copy);
}

const mapValues = (record: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, isRecord(value) ? mapSchema(value, change) : value]),
  );

/** The schema with every object in it closed to fields that it does not name, unless it says otherwise itself. */
export const closedSchema = madeOnce((schema: TSchema) =>
  mapSchema(plainSchema(schema), (part) =>
    isRecord(part['properties']) && part['additionalProperties'] === undefined
      ? { ...part, additionalProperties: false }
      : part,
  ),
);

/** The schema without the names of its parts: compilers would take them for addresses that must be unique. */
export const anonymousSchema = madeOnce((schema: JsonSchema) => mapSchema(schema, ({ $id: _name, ...rest }) => rest));
