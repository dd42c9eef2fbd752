import { assert } from '../../kernel/assert.ts';
import { isRecord, mapSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';

/** Keywords that OpenAPI 3.0.3 knows with the meaning they have in JSON Schema, once the others are rewritten. */
const KNOWN = new Set(
  (
    '$ref type format title description enum default example minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength ' +
    'pattern items minItems maxItems uniqueItems properties required additionalProperties minProperties maxProperties allOf anyOf oneOf not ' +
    'nullable readOnly writeOnly deprecated'
  ).split(' '),
);

/** Parts of the document that schemas are moved to; filled by {@link toOpenApiSchema}. */
export type NamedSchemas = Map<string, JsonSchema>;

const SCHEMAS = '#/components/schemas/';

const isNullSchema = (schema: unknown): boolean => isRecord(schema) && schema['type'] === 'null';

/** `const` becomes an enumeration of one; a limit that excludes its own value becomes a flag beside the limit. */
function rewriteValues(schema: JsonSchema): JsonSchema {
  const { const: constant, exclusiveMinimum, exclusiveMaximum, examples, ...rest } = schema;
  return {
    ...rest,
    ...(constant === undefined ? {} : { enum: [constant] }),
    ...(typeof exclusiveMinimum === 'number' ? { minimum: exclusiveMinimum, exclusiveMinimum: true } : {}),
    ...(typeof exclusiveMaximum === 'number' ? { maximum: exclusiveMaximum, exclusiveMaximum: true } : {}),
    ...(Array.isArray(examples) && rest['example'] === undefined ? { example: examples[0] } : {}),
  };
}

/** `type: [t, "null"]` becomes `type: t, nullable: true`. */
function rewriteTypes(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  if (!Array.isArray(type)) return schema;
  const types = type.filter((name) => name !== 'null');
  assert(types.length === 1, `OpenAPI 3.0 has no ${JSON.stringify(type)}`);
  return { ...schema, type: types[0], ...(types.length < type.length ? { nullable: true } : {}) };
}

/** An enumeration that may be null must list null among its values. */
function withNull(schema: JsonSchema): JsonSchema {
  const words: unknown = schema['enum'];
  if (schema['nullable'] !== true || !Array.isArray(words)) return schema;
  const values: unknown[] = words;
  return { ...schema, enum: [...values, null] };
}

/** The constants of a branch of a union, or `[null]` when it allows more than constants. */
function wordsOf(branch: unknown): unknown[] {
  const words: unknown = isRecord(branch) && branch['type'] === 'string' ? branch['enum'] : null;
  return Array.isArray(words) ? words : [null];
}

/** `nullable` counts only beside a `type`, so a reference that may be null repeats the type of what it names. */
const typeOfNamed = (reference: JsonSchema, named: NamedSchemas): unknown =>
  named.get(String(reference['$ref']).slice(SCHEMAS.length))?.['type'];

/** A union with null becomes nullable; a union of constants becomes an enumeration. */
function rewriteUnions(schema: JsonSchema, named: NamedSchemas): JsonSchema {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const branches: unknown[] = anyOf.filter((branch) => !isNullSchema(branch));
  const nullable = branches.length < anyOf.length ? { nullable: true } : {};
  const [first] = branches;
  if (branches.length === 1 && isRecord(first))
    return '$ref' in first
      ? { ...rest, type: typeOfNamed(first, named), allOf: [first], ...nullable }
      : withNull({ ...first, ...rest, ...nullable });
  const words = branches.flatMap(wordsOf);
  if (!words.includes(null)) return withNull({ ...rest, type: 'string', enum: words, ...nullable });
  return { ...rest, anyOf: branches, ...nullable };
}

/** A record of any names becomes `additionalProperties`. */
function rewriteRecords(schema: JsonSchema): JsonSchema {
  const { patternProperties, ...rest } = schema;
  if (!isRecord(patternProperties)) return schema;
  const values = Object.values(patternProperties);
  assert(values.length === 1, 'OpenAPI 3.0 has no patterns of property names');
  return { ...rest, additionalProperties: values[0] };
}

function moveNamed(schema: JsonSchema, named: NamedSchemas): JsonSchema {
  const { $id: name, ...rest } = schema;
  if (typeof name !== 'string') return schema;
  const known = named.get(name);
  assert(
    known === undefined || JSON.stringify(known) === JSON.stringify(rest),
    `two different schemas are named ${name}`,
  );
  named.set(name, rest);
  return { $ref: `${SCHEMAS}${name}` };
}

function refuseUnknown(schema: JsonSchema): JsonSchema {
  for (const keyword of Object.keys(schema))
    assert(keyword === '$id' || KNOWN.has(keyword), `OpenAPI 3.0 has no keyword ${keyword}`);
  return schema;
}

/**
 * Rewrites a JSON Schema (draft 2020-12 as our builder writes it) into the dialect of OpenAPI 3.0.3 without a change of
 * meaning, and moves schemas with an `$id` into the named ones. Throws for what that dialect cannot say.
 */
export const toOpenApiSchema = (schema: JsonSchema, named: NamedSchemas): JsonSchema =>
  mapSchema(schema, (part) =>
    moveNamed(refuseUnknown(rewriteUnions(rewriteRecords(rewriteTypes(rewriteValues(part))), named)), named),
  );
