import { expect, test } from 'vitest';
import { serializerOf } from './serialization.ts';

const schema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };

test('what a schema does not name is not written', () => {
  expect(serializerOf(schema)({ id: 'a', secret: 'b' })).toBe('{"id":"a"}');
});

test('the same schema is compiled once, another one for itself', () => {
  expect(serializerOf(structuredClone(schema))).toBe(serializerOf(schema));
  expect(serializerOf({ ...schema, additionalProperties: true })({ id: 'a', more: 1 })).toBe('{"id":"a","more":1}');
});
