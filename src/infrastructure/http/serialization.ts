import compile from 'fast-json-stringify';
import { madeOnce, type JsonSchema } from './json-schema.ts';

export type Serializer = (value: unknown) => string;

const compiled = new Map<string, Serializer>();

/** Writes values as a schema says. Compiled once by its text, since servers of one process share it. */
export const serializerOf = madeOnce((schema: JsonSchema): Serializer => {
  const text = JSON.stringify(schema);
  const serializer = compiled.get(text) ?? compile(schema);
  compiled.set(text, serializer);
  return serializer;
});
