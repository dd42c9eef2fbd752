import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import { plainSchema } from './json-schema.ts';

const EXAMPLE_ID = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

/** A UUID in the lower-case form that we issue. */
export const uuid = (description?: string) =>
  Type.String({ format: 'uuid', example: EXAMPLE_ID, ...(description === undefined ? {} : { description }) });

/** Money in som with two digits, `"350.00"`; up to 12 digits before the point. */
export const money = (description = 'Sum in KGS') =>
  Type.String({ pattern: '^\\d{1,12}\\.\\d{2}$', maxLength: 15, description, example: '350.00' });

/** A calendar date, years 1900 to 2999. */
export const date = (description = 'Date, YYYY-MM-DD') =>
  Type.String({ format: 'date', description, example: '2026-12-05' });

/** An instant in UTC. */
export const instant = (description = 'RFC 3339 instant in UTC') =>
  Type.String({ format: 'date-time', description, example: '2026-12-05T06:30:00.000Z' });

/** A human text of `minimum` to `maximum` characters (UTF-16 code points as JSON Schema counts them). */
export const text = (
  maximum: number,
  options: { readonly minimum?: number; readonly description?: string; readonly example?: string } = {},
) => {
  const { minimum = 1, ...rest } = options;
  return Type.String({ minLength: minimum, maxLength: maximum, ...rest });
};

/** One of a closed set of words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words, description?: string) =>
  Type.Unsafe<Words[number]>({
    type: 'string',
    enum: [...words],
    ...(description === undefined ? {} : { description }),
  });

/**
 * A schema or null. A plain type becomes a pair of types, which serialises much faster than a union; anything with a
 * name, an enumeration or fields of its own becomes a union.
 */
export function nullable<S extends TSchema>(schema: S) {
  const plain = plainSchema(schema);
  const simple =
    typeof plain['type'] === 'string' &&
    !['object', 'array'].includes(plain['type']) &&
    !('enum' in plain) &&
    !('const' in plain);
  const form =
    simple && !('$id' in plain) ? { ...plain, type: [plain['type'], 'null'] } : { anyOf: [plain, { type: 'null' }] };
  return Type.Unsafe<Static<S> | null>(form);
}

/** The query of a list: `limit` (1 to 100) and an opaque `cursor`. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'Most items to answer, 20 if absent', example: 20 }),
  ),
  cursor: Type.Optional(
    Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 300, description: '`next_cursor` of the page before' }),
  ),
};

/** The answer of a list. */
export const pageOf = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    next_cursor: nullable(Type.String({ description: 'Null on the last page' })),
  });
