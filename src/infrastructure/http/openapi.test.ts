import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { fixtureInfo, fixtureRoutes } from './http-fixture.ts';
import { isRecord, plainSchema } from './json-schema.ts';
import { openApiDocument } from './openapi.ts';
import { toOpenApiSchema } from './openapi-schema.ts';
import { createMetricsRegistry } from './observe.ts';
import { documentedOperationsRoutes } from './operations-routes.ts';
import { routeFaults } from './route-faults.ts';
import { defineRoute } from './route.ts';
import { nullable, oneOf, text } from './schemas.ts';

const routes = [...fixtureRoutes(), ...documentedOperationsRoutes(createMetricsRegistry())];
const document = openApiDocument(routes, fixtureInfo);

/** The member of nested objects at a path. */
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((part, name) => (isRecord(part) ? part[name] : undefined), value);

describe('the document', () => {
  test('is plain data and the same every time', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(JSON.stringify(openApiDocument(routes, fixtureInfo))).toBe(JSON.stringify(document));
    expect(document['openapi']).toBe('3.0.3');
  });

  test('every operation has its words, a tag that exists, security, and an example of every JSON body', () => {
    const operations = Object.values(Object(document['paths'])).flatMap((path) =>
      isRecord(path) ? Object.values(path) : [],
    );
    expect(operations).toHaveLength(routes.length);
    const tags = fixtureInfo.tags.map(({ name }) => name);
    for (const operation of operations) {
      expect(operation).toMatchObject({
        operationId: expect.any(String),
        summary: expect.any(String),
        security: expect.any(Array),
        tags: [expect.toBeOneOf(tags)],
      });
      const bodies = [
        at(operation, 'requestBody', 'content', 'application/json'),
        ...Object.values(Object(at(operation, 'responses'))).map((response) =>
          at(response, 'content', 'application/json'),
        ),
      ];
      for (const body of bodies.filter(isRecord)) expect(body).toHaveProperty('example');
    }
  });

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(at(document, ...reference.split('/')), reference).toBeDefined();
  });

  test('a route lists all its refusals: its own and those of the server', () => {
    const codes = (path: string, method: string): string[] =>
      Object.values(Object(at(document, 'paths', path, method, 'responses'))).flatMap((response) =>
        isRecord(response) && typeof response['$ref'] === 'string'
          ? (response['$ref'].split('/').at(-1) ?? '').split('-')
          : [],
      );
    expect(codes('/api/v1/things', 'post')).toEqual(
      expect.arrayContaining([
        'park_at_capacity',
        'unauthorized',
        'validation_failed',
        'unsupported_media_type',
        'payload_too_large',
        'idempotency_key_in_flight',
        'idempotency_key_reused',
        'rate_limited',
        'internal',
        'busy',
      ]),
    );
    expect(codes('/api/v1/payments', 'post')).toContain('idempotency_key_required');
    expect(codes('/api/v1/parks/{park_id}/figures', 'get')).toEqual(
      expect.arrayContaining(['unauthorized', 'forbidden']),
    );
    expect(codes('/api/v1/things/{id}/qr', 'get')).not.toContain('unauthorized');
  });

  test('named schemas stand once, under their names', () => {
    expect(at(document, 'components', 'schemas', 'Thing', 'type')).toBe('object');
    expect(
      at(document, 'paths', '/api/v1/things', 'post', 'responses', '201', 'content', 'application/json', 'schema'),
    ).toEqual({ $ref: '#/components/schemas/Thing' });
  });
});

describe('schemas in the dialect of OpenAPI 3.0.3', () => {
  const convert = (schema: object) => toOpenApiSchema(plainSchema(schema), new Map());
  const Named = Type.Object({ a: Type.String() }, { $id: 'Named' });
  test.each([
    ['a text or null', nullable(text(5)), { type: 'string', nullable: true, minLength: 1, maxLength: 5 }],
    ['a word or null', nullable(oneOf(['a', 'b'])), { type: 'string', nullable: true, enum: ['a', 'b', null] }],
    [
      'a named schema or null',
      nullable(Named),
      { type: 'object', nullable: true, allOf: [{ $ref: '#/components/schemas/Named' }] },
    ],
    ['a constant', Type.Literal('a'), { type: 'string', enum: ['a'] }],
    ['one of constants', Type.Union([Type.Literal('a'), Type.Literal('b')]), { type: 'string', enum: ['a', 'b'] }],
    [
      'exclusive limits',
      Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 9 }),
      { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true },
    ],
    [
      'a record',
      Type.Record(Type.String(), Type.Integer()),
      { type: 'object', additionalProperties: { type: 'integer' } },
    ],
    ['examples', Type.String({ examples: ['x', 'y'] }), { type: 'string', example: 'x' }],
    [
      'a field called const',
      Type.Object({ const: Type.String(), type: Type.Literal(1) }),
      {
        type: 'object',
        required: ['const', 'type'],
        properties: { const: { type: 'string' }, type: { type: 'number', enum: [1] } },
      },
    ],
  ])('%s', (_what, schema, expected) => {
    expect(convert(schema)).toEqual(expected);
  });

  test('what the dialect cannot say is refused, not lost', () => {
    expect(() => convert(Type.Tuple([Type.String(), Type.Number()]))).toThrow('OpenAPI 3.0 has no');
    expect(() => convert(Type.Unsafe({ type: ['string', 'number'] }))).toThrow('OpenAPI 3.0 has no');
  });

  test('two different schemas cannot share a name', () => {
    const both = Type.Object({ x: Named, y: Type.Object({ b: Type.String() }, { $id: 'Named' }) });
    expect(() => convert(both)).toThrow('two different schemas are named Named');
  });
});

describe('faults of routes', () => {
  test('the routes of this directory have none', () => {
    expect(routeFaults(routes)).toEqual([]);
  });

  test('unbounded requests, wrong examples, forgotten params and doubled names are found', () => {
    const bad = defineRoute({
      method: 'POST',
      path: '/bad/:id',
      operationId: 'bad',
      summary: '',
      tag: 'Things',
      access: { kind: 'public' },
      body: Type.Object({ name: Type.String(), count: Type.Integer({ minimum: 0 }), list: Type.Array(text(3)) }),
      bodyExample: { name: 'x', count: -1, list: [] },
      responses: { 200: { description: 'x', schema: Type.Object({ a: Type.String() }), example: { a: 1 } } },
      problems: [],
      handle: async () => ({ status: 200, body: { a: 'x' } }),
    });
    const faults = routeFaults([bad, bad]).join('\n');
    for (const part of [
      'summary is empty',
      'params are []',
      'bodyExample does not match',
      'example of 200 does not match',
      'body.name: a text',
      'body.count: a number',
      'body.list: a list',
      'used twice',
    ]) {
      expect(faults).toContain(part);
    }
  });

  test('a kept answer needs an owner: an open route cannot take keys', () => {
    const open = () =>
      defineRoute({
        method: 'POST',
        path: '/open',
        operationId: 'open',
        summary: 's',
        tag: 'Things',
        access: { kind: 'public' },
        idempotency: 'optional',
        responses: { 204: { description: 'x' } },
        problems: [],
        handle: async () => ({ status: 204 }),
      });
    expect(open).toThrow('a key needs a principal');
  });
});
