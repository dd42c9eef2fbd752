import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { isUuid } from '../../kernel/ids.ts';
import { isLocalDate } from '../../kernel/time.ts';
import { anonymousSchema, isRecord, madeOnce } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { FieldError } from './problem.ts';

/** Values for which all faults are collected, not just the first: collecting costs time in proportion to the faults. */
const COLLECT_BELOW_CHARACTERS = 16_384;
const MAX_FIELD_ERRORS = 20;

function createAjv(allErrors: boolean): Ajv {
  const ajv = new Ajv({
    allErrors,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
  });
  ajv.addFormat('uuid', isUuid);
  ajv.addFormat('date', isLocalDate);
  ajv.addFormat('date-time', fullFormats['date-time']);
  ajv.addFormat('email', fullFormats.email);
  ajv.addFormat('uri', fullFormats.uri);
  ajv.addKeyword('example');
  return ajv;
}

/** Compiled schemas by their text: servers of one process share them, and a compiler never forgets what it was given. */
function compiledOnce(ajv: Ajv): (schema: JsonSchema) => ValidateFunction {
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const text = JSON.stringify(schema);
    const check = compiled.get(text) ?? ajv.compile(schema);
    compiled.set(text, check);
    return check;
  };
}

const compileFast = compiledOnce(createAjv(false));
const compileThorough = compiledOnce(createAjv(true));

/** The path of a fault in the caller's words: `children.0.birth_date`. */
function pathOf(error: ErrorObject): string {
  const segments = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const { missingProperty, additionalProperty }: Record<string, unknown> = error.params;
  const last =
    error.keyword === 'required'
      ? missingProperty
      : error.keyword === 'additionalProperties'
        ? additionalProperty
        : undefined;
  if (typeof last === 'string') segments.push(last.slice(0, 60));
  return segments.join('.');
}

function messageOf(error: ErrorObject): string {
  if (error.keyword === 'required') return 'is required';
  if (error.keyword === 'additionalProperties') return 'is not a known field';
  const { allowedValues }: Record<string, unknown> = error.params;
  if (error.keyword === 'enum' && Array.isArray(allowedValues)) return `must be one of ${allowedValues.join(', ')}`;
  return error.message ?? 'is not valid';
}

function fieldErrors(errors: readonly ErrorObject[]): FieldError[] {
  const seen = new Map<string, FieldError>();
  for (const error of errors) {
    const found = { path: pathOf(error), message: messageOf(error) };
    seen.set(`${found.path} ${found.message}`, found);
    if (seen.size === MAX_FIELD_ERRORS) break;
  }
  return [...seen.values()];
}

/** What a value leaves of so many characters as JSON, roughly; below 0 as soon as nothing is left, however large it is. */
function roomLeftBy(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length - 2;
  if (typeof value !== 'object' || value === null) return room - 4;
  let left = room - 2;
  if (Array.isArray(value)) {
    for (const item of value) if ((left = roomLeftBy(item, left - 1)) < 0) break;
    return left;
  }
  for (const [name, member] of Object.entries(value)) {
    left = roomLeftBy(member, left - name.length - 4);
    if (left < 0) break;
  }
  return left;
}

/** Checks a value; answers its faults, or null when it has none. */
export type Validator = (value: unknown) => readonly FieldError[] | null;

/**
 * Compiles a schema. Nothing is coerced and nothing filled in. The first pass stops at the first fault; only small values
 * are looked through again for all of them, so that a large bad body costs no more than a good one.
 */
export const compileValidator = madeOnce((schema: JsonSchema): Validator => {
  const anonymous = anonymousSchema(schema);
  const check: ValidateFunction = compileFast(anonymous);
  let thorough: ValidateFunction | null = null;
  return (value) => {
    if (check(value)) return null;
    const first = check.errors ?? [];
    if (roomLeftBy(value, COLLECT_BELOW_CHARACTERS) < 0) return fieldErrors(first);
    thorough ??= compileThorough(anonymous);
    thorough(value);
    return fieldErrors(thorough.errors ?? first);
  };
});

const INTEGER = /^-?\d{1,15}$/;

/**
 * Turns texts of a query, of params or of headers into the integers and booleans that the schema declares, when they are
 * written plainly: no exponent, fraction, sign `+`, space or hexadecimal. Anything else stays a text for the validator to refuse.
 */
export function compileCoercion(schema: JsonSchema): (values: Record<string, unknown>) => void {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const typeOf = (name: string): unknown => (isRecord(properties[name]) ? properties[name]['type'] : undefined);
  const integers = Object.keys(properties).filter((name) => typeOf(name) === 'integer');
  const booleans = Object.keys(properties).filter((name) => typeOf(name) === 'boolean');
  return (values) => {
    for (const name of integers) {
      const value = values[name];
      if (typeof value === 'string' && INTEGER.test(value)) values[name] = Number(value);
    }
    for (const name of booleans) {
      if (values[name] === 'true') values[name] = true;
      else if (values[name] === 'false') values[name] = false;
    }
  };
}
