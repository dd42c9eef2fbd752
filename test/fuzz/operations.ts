import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isRecord } from '../../src/infrastructure/http/json-schema.ts';
import { readProjectFile } from '../support/project-files.ts';
import { hostileValue, mutated, valueOf, type Schema, type Schemas } from './values.ts';

type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Schema };

/** An operation of the OpenAPI document. */
export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** By media type; empty for an operation without a body. */
  readonly bodies: Readonly<Record<string, { readonly schema?: Schema; readonly example?: unknown }>>;
  /** Statuses that are documented, with the codes of refusals that are. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
};

/** A request before ids that are known are put into it. */
export type Draft = {
  readonly operation: Operation;
  readonly caller: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: readonly (readonly [string, unknown])[];
  readonly headers: Readonly<Record<string, unknown>>;
  /** A text or bytes go as they are, `undefined` is no body, anything else is written as JSON. */
  readonly body: { readonly type: string; readonly value: unknown; readonly isRaw: boolean } | undefined;
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function answersOf(responses: unknown): Operation['answers'] {
  const all = Object.entries(isRecord(responses) ? responses : {});
  return Object.fromEntries(
    all.map(([status, response]) => {
      const text = JSON.stringify(response);
      return [status, [...text.matchAll(/components\/examples\/(\w+)/g)].map(([, code = '']) => code)];
    }),
  );
}

export type Document = { readonly operations: readonly Operation[]; readonly schemas: Schemas };

/** Every operation of the committed document, which a check keeps equal to what the program serves. */
export function readOperations(): Document {
  const document = JSON.parse(readProjectFile('docs/generated/openapi.json')) as {
    readonly paths: Record<string, Record<string, Record<string, unknown>>>;
    readonly components: { readonly schemas: Schemas };
  };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const found = methods[method];
      if (found === undefined) return [];
      const body = found['requestBody'] as { readonly content: Operation['bodies'] } | undefined;
      return {
        id: String(found['operationId']),
        method: method.toUpperCase(),
        path,
        parameters: (found['parameters'] ?? []) as Parameter[],
        bodies: body?.content ?? {},
        answers: answersOf(found['responses']),
      };
    }),
  );
  return { operations, schemas: document.components.schemas };
}

/** Good values of the parameters in one part of a request; those that are not required come or do not. */
function part(operation: Operation, where: string, schemas: Schemas): fc.Arbitrary<Record<string, unknown>> {
  const some = operation.parameters.filter((one) => one.in === where);
  const members = Object.fromEntries(
    some.map(({ name, schema, ...more }) => [name, valueOf({ ...schema, ...exampleOf(more) }, schemas)]),
  );
  const requiredKeys = some.filter(({ required }) => required).map(({ name }) => name);
  return fc.record(members, { requiredKeys, noNullPrototype: true });
}

const exampleOf = (more: object): object => ('example' in more ? { example: more.example } : {});

/** Headers that every request may have. */
const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 24, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const strayHeaders = fc.record({
  accept: sometimes(
    fc.constantFrom('*/*', 'text/csv', 'image/svg+xml', 'application/xml', 'text/event-stream', ';;;,'),
  ),
  'accept-language': sometimes(fc.constantFrom('ky', 'ru;q=0.1,en', 'xx', '*;q=2,,', 'en'.repeat(300))),
  'accept-encoding': sometimes(fc.constantFrom('gzip', 'identity', 'br;q=1.0, gzip;q=0.8, *;q=0.1', 'nonsense')),
  'if-match': sometimes(fc.constantFrom('"1"', '"2"', '*', 'W/"1"', '"99999999999999999999"', '1')),
  'if-none-match': sometimes(fc.constantFrom('"1"', '*', 'nonsense')),
  'idempotency-key': sometimes(fc.oneof(fc.uuid(), fc.constantFrom('', 'same', '"same"', 'k'.repeat(300), 'ключ'))),
  'x-request-id': sometimes(fc.constantFrom('a', 'a b', 'x'.repeat(500), '{"a":1}')),
  traceparent: sometimes(
    fc.constantFrom('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '00-0-0-00', 'x'.repeat(99)),
  ),
  'x-forwarded-for': sometimes(fc.constantFrom('1.2.3.4', '::1', 'a, b, c', '127.0.0.1')),
  'last-event-id': sometimes(fc.constantFrom('1', '-1', 'x'.repeat(300))),
  'x-session': sometimes(fc.constantFrom('cookie', 'cookies')),
  cookie: sometimes(fc.constantFrom('__Host-refresh=abc', 'a=b; a=c', ';=;')),
});

/** Text or bytes that were good once. */
const damaged = (bytes: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.record({ at: fc.nat(), to: fc.nat(255), how: fc.nat(3) }), { minLength: 1, maxLength: 5 })
    .map((changes) =>
      changes.reduce((now, { at, to, how }) => {
        const index = now.length === 0 ? 0 : at % now.length;
        const [head, tail] = [now.subarray(0, index), now.subarray(index)];
        if (how === 0) return Buffer.concat([head, Buffer.from([to]), tail]);
        if (how === 1) return Buffer.concat([head, tail.subarray(1)]);
        return how === 2 ? Buffer.concat([head, Buffer.from([to]), tail.subarray(1)]) : head;
      }, bytes),
    );

function bodyOf({ bodies, method }: Operation, schemas: Schemas): fc.Arbitrary<Draft['body']> {
  const types = Object.keys(bodies);
  const none = fc.constant(undefined);
  if (method === 'GET') return none;
  if (types.length === 0) {
    const stray = hostileValue.map((value) => ({ type: 'application/json', value, isRaw: false }));
    return fc.oneof({ weight: 9, arbitrary: none }, { weight: 1, arbitrary: stray });
  }
  const json = bodies['application/json'];
  const raw = (type: string, bytes: fc.Arbitrary<Buffer>) => bytes.map((value) => ({ type, value, isRaw: true }));
  if (json !== undefined) {
    const good = fc.oneof(
      valueOf(json.schema ?? {}, schemas),
      ...(json.example === undefined ? [] : [{ weight: 3, arbitrary: fc.constant(json.example) }]),
    );
    const asJson = (value: unknown) => ({ type: 'application/json', value, isRaw: false });
    const text = good.map((value) => Buffer.from(JSON.stringify(value) ?? ''));
    return fc.oneof(
      { weight: 10, arbitrary: good.map(asJson) },
      { weight: 6, arbitrary: good.chain(mutated).map(asJson) },
      { weight: 2, arbitrary: raw('application/json', text.chain(damaged)) },
      { weight: 1, arbitrary: raw(types.at(-1) ?? '', text.map((bytes) => gzipSync(bytes)).chain(damaged)) },
    );
  }
  const example = Object.values(bodies).find((one) => typeof one.example === 'string')?.example;
  const known = Buffer.from(typeof example === 'string' ? example : '\u0089PNG\r\n\u001A\n');
  return fc.constantFrom(...types).chain((type) => raw(type, fc.oneof(fc.constant(known), damaged(known))));
}

/** Requests to one operation: mostly good ones, and good ones with something hostile in them. */
export function requestsTo(operation: Operation, schemas: Schemas, callers: number): fc.Arbitrary<Draft> {
  const rarely = (good: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> =>
    fc.oneof(
      { weight: 7, arbitrary: good },
      {
        weight: 1,
        arbitrary: fc.record({ good, at: fc.nat(), to: hostileValue }).map(({ good: values, at, to }) => {
          const names = Object.keys(values);
          const name = names[at % Math.max(1, names.length)];
          return name === undefined ? values : { ...values, [name]: to };
        }),
      },
    );
  return fc.record({
    operation: fc.constant(operation),
    // The last ones may do most, and are who gets furthest.
    caller: fc.oneof(
      { weight: 2, arbitrary: fc.nat(callers - 1) },
      { weight: 7, arbitrary: fc.constant(callers - 2) },
      { weight: 2, arbitrary: fc.constant(1) },
    ),
    params: rarely(part(operation, 'path', schemas)),
    query: fc.tuple(rarely(part(operation, 'query', schemas)), fc.nat(30)).map(([values, dice]) => {
      const pairs = Object.entries(values);
      const [first] = pairs;
      return dice === 0 && first !== undefined
        ? [...pairs, first]
        : dice === 1
          ? [...pairs, ['stray', 1] as const]
          : pairs;
    }),
    headers: fc.tuple(strayHeaders, part(operation, 'header', schemas)).map(([stray, own]) => ({ ...stray, ...own })),
    body: bodyOf(operation, schemas),
  });
}
