import { errorEntry } from './error-table.ts';
import type { ErrorCode } from './error-table.ts';
import { EVENT_STREAM, frameOf } from './event-source.ts';
import { isRecord, plainSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { limitText } from './limits.ts';
import { headerObjects, problemExample, problemResponse, PROBLEM_SCHEMA, problemsOf } from './openapi-problems.ts';
import { toOpenApiSchema } from './openapi-schema.ts';
import type { NamedSchemas } from './openapi-schema.ts';
import { OPERATIONS_TAG } from './operations-routes.ts';
import type { ResponseSpec, Route } from './route.ts';

export type ApiInfo = {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly license: { readonly name: string; readonly url: string };
  readonly servers: readonly { readonly url: string; readonly description: string }[];
  /** Tags in the order of the document. Every tag of a route must be here. */
  readonly tags: readonly { readonly name: string; readonly description: string }[];
};

/** What is gathered while the paths are written. */
type Parts = {
  readonly named: NamedSchemas;
  readonly codes: Set<ErrorCode>;
  readonly sharedProblems: Map<string, JsonSchema>;
};

/** The OpenAPI 3.0.3 document of the routes: a pure function of them, the same text every time. */
export function openApiDocument(routes: readonly Route[], info: ApiInfo): Record<string, unknown> {
  const parts: Parts = { named: new Map([['Problem', PROBLEM_SCHEMA]]), codes: new Set(), sharedProblems: new Map() };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, parts) };
  }
  const { title, version, description, license, servers, tags } = info;
  return {
    openapi: '3.0.3',
    info: { title, version, description, license },
    servers,
    tags,
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An access token of POST /auth/login',
        },
      },
      headers: {
        RequestId: { description: 'The request id, for logs and support', schema: { type: 'string', maxLength: 64 } },
        RateLimit: {
          description: 'By limit, what is left and in how many seconds more comes: `"account";r=57;t=23`',
          schema: { type: 'string' },
        },
        RateLimitPolicy: {
          description: 'The limits that counted this request, with their windows: `"account";q=100;w=60`',
          schema: { type: 'string' },
        },
      },
      schemas: sorted(parts.named),
      responses: sorted(parts.sharedProblems),
      examples: Object.fromEntries([...parts.codes].toSorted().map((code) => [code, problemExample(code)])),
    },
  };
}

const sorted = (entries: ReadonlyMap<string, JsonSchema>): Record<string, JsonSchema> =>
  Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));

function operation(route: Route, parts: Parts): JsonSchema {
  const parameters = [
    ...parametersOf(route.params, 'path', parts),
    ...parametersOf(route.query, 'query', parts),
    ...parametersOf(route.headers, 'header', parts),
    ...keyParameter(route),
    ...versionParameter(route),
    ...lastEventParameter(route),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...descriptionOf(route),
    tags: [route.tag],
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(route, parts),
    responses: responsesOf(route, parts),
  };
}

function descriptionOf({ description, limits, counts }: Route): JsonSchema {
  const limited = limits.length === 0 ? undefined : limitText(limits, counts?.what ?? 'requests');
  const texts = [description, limited].filter((text) => text !== undefined);
  return texts.length === 0 ? {} : { description: texts.join('\n\n') };
}

function securityOf({ access }: Route): JsonSchema[] {
  if (access.kind !== 'public') return [{ bearer: [] }];
  return access.token === 'optional' ? [{}, { bearer: [] }] : [];
}

function parametersOf(schema: JsonSchema | undefined, place: 'path' | 'query' | 'header', parts: Parts): JsonSchema[] {
  const properties = isRecord(schema?.['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema?.['required']) ? schema['required'] : [];
  return Object.entries(properties).flatMap(([name, property]) => {
    // OpenAPI forbids to describe these three as parameters; security and content say the same.
    if (!isRecord(property) || ['authorization', 'accept', 'content-type'].includes(name)) return [];
    const { description, example, ...rest } = property;
    return [
      {
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        ...(description === undefined ? {} : { description }),
        schema: toOpenApiSchema(rest, parts.named),
        ...(example === undefined ? {} : { example }),
      },
    ];
  });
}

function keyParameter({ idempotency }: Route): JsonSchema[] {
  if (idempotency === 'none') return [];
  const description =
    'Repeating a request with the same key answers what the first one answered, for at least 24 hours';
  const schema = { type: 'string', minLength: 1, maxLength: 257 };
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: idempotency === 'required',
      description,
      schema,
      example: '01936f30-aaaa-7000-8000-5b7c2f6a8b1c',
    },
  ];
}

function versionParameter({ editing }: Route): JsonSchema[] {
  if (!editing) return [];
  const description = 'The `ETag` of the version that is edited; another one by now is 412';
  const schema = { type: 'string', minLength: 1, maxLength: 40 };
  return [{ name: 'If-Match', in: 'header', required: true, description, schema, example: '"3"' }];
}

function lastEventParameter({ responses }: Route): JsonSchema[] {
  if (!Object.values(responses).some((response) => 'events' in response)) return [];
  const description = 'The `id` of the last event that was received, when the stream is taken up again';
  const schema = { type: 'string', minLength: 1, maxLength: 200 };
  return [{ name: 'Last-Event-ID', in: 'header', required: false, description, schema, example: '41' }];
}

function requestBody(route: Route, parts: Parts): JsonSchema {
  if (route.bodyTypes.length === 0) return {};
  const content: Record<string, JsonSchema> = {};
  for (const type of route.bodyTypes) {
    const schema =
      type === 'application/json'
        ? toOpenApiSchema(route.body ?? { type: 'object' }, parts.named)
        : { type: 'string', format: 'binary' };
    // An example of JSON is none of the same packed.
    const isShown = type === 'application/json' || typeof route.bodyExample === 'string';
    content[type] = { schema, ...(isShown && route.bodyExample !== undefined ? { example: route.bodyExample } : {}) };
  }
  return { requestBody: { required: true, content } };
}

function responsesOf(route: Route, parts: Parts): JsonSchema {
  const answers: Record<string, unknown> = {};
  for (const [status, response] of Object.entries(route.responses)) answers[status] = answer(route, response, parts);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = errorEntry(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
    parts.codes.add(code);
  }
  for (const [status, codes] of byStatus) answers[status] = sharedProblem(status, codes, parts);
  return answers;
}

const LIMIT_HEADERS: JsonSchema = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
};

/** Answers with the same codes are written once and named by them. */
function sharedProblem(status: number, codes: readonly ErrorCode[], parts: Parts): JsonSchema {
  const name = codes.join('-');
  parts.sharedProblems.set(name, problemResponse(status, codes));
  return { $ref: `#/components/responses/${name}` };
}

function answer(route: Route, response: ResponseSpec, parts: Parts): JsonSchema {
  const replayed =
    route.idempotency === 'none' ? {} : { 'Idempotent-Replayed': '`true` when an earlier answer is given again' };
  const headers = {
    'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    ...(route.tag === OPERATIONS_TAG ? {} : LIMIT_HEADERS),
    ...headerObjects({ ...response.headers, ...replayed }),
  };
  return { description: response.description, headers, ...contentOf(response, parts) };
}

function contentOf(response: ResponseSpec, parts: Parts): JsonSchema {
  if ('schema' in response) {
    return {
      content: {
        'application/json': {
          schema: toOpenApiSchema(plainSchema(response.schema), parts.named),
          example: response.example,
        },
        ...Object.fromEntries((response.alsoAs ?? []).map((type) => [type, { schema: { type: 'string' } }])),
      },
    };
  }
  if ('events' in response) {
    const description = 'Server-sent events. The data of each is JSON after `x-event-data`.';
    return {
      content: {
        [EVENT_STREAM]: {
          schema: { type: 'string', description },
          example: frameOf({ id: '41', data: response.example }),
          'x-event-data': toOpenApiSchema(plainSchema(response.events), parts.named),
        },
      },
    };
  }
  if (!('contentTypes' in response)) return {};
  const schema = { type: 'string', format: 'binary' };
  const textual = {
    schema: { type: 'string' },
    ...(response.example === undefined ? {} : { example: response.example }),
  };
  return {
    content: Object.fromEntries(
      response.contentTypes.map((type) => [type, /^text\/|\+xml$/.test(type) ? textual : { schema }]),
    ),
  };
}
