import { assert } from '../../kernel/assert.ts';
import type { Principal } from './access.ts';
import { EVENT_STREAM } from './event-source.ts';
import { anonymousSchema, isRecord, plainSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { FieldError } from './problem.ts';
import type { Route } from './route.ts';
import type { ReceivedUpload } from './upload.ts';
import { compileCoercion, compileValidator } from './validation.ts';
import type { Validator } from './validation.ts';

/** A route with everything compiled that a request needs. */
export type MountedRoute = {
  readonly route: Route;
  /** Method and path template: `POST /api/v1/tickets`. */
  readonly name: string;
  /** Media types that the route can answer. */
  readonly produces: readonly string[];
  /** Whether it is a list that is read a page at a time. */
  readonly isPaged: boolean;
  /** Faults of a request in params, query, headers and body; null when there are none. Coerces params, query and headers. */
  readonly validate: (request: RequestParts) => readonly FieldError[] | null;
  /** Schemas of the JSON answers by status, for the serialiser. */
  readonly answerSchemas: Readonly<Record<string, JsonSchema>>;
};

export type RequestParts = {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** The route that is running, or null when none matched. */
    mounted: MountedRoute | null;
    principal: Principal | null;
    /** The trace id of the caller when there is one, else the request id. */
    correlationId: string;
    idempotencyKey: string | undefined;
    /** The version that `If-Match` names, on routes that edit; else 0. */
    ifMatch: number;
    /** The exact bytes of the body, on routes that ask for them. */
    exactBody: Buffer | undefined;
    /** The body on the disk, on routes that take uploads. */
    upload: ReceivedUpload | undefined;
  }
}

const NO_BODY: readonly FieldError[] = [{ path: '', message: 'a JSON body is required' }];
const UNEXPECTED_BODY: readonly FieldError[] = [{ path: '', message: 'no body is expected' }];

const isEmptyObject = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

function textPart(schema: JsonSchema | undefined): Validator {
  if (schema === undefined)
    return (values) => (isRecord(values) && Object.keys(values).length > 0 ? unknownFields(values) : null);
  const coerce = compileCoercion(schema);
  const check = compileValidator(schema);
  return (values) => {
    if (isRecord(values)) coerce(values);
    return check(values);
  };
}

const unknownFields = (values: Record<string, unknown>): FieldError[] =>
  Object.keys(values)
    .slice(0, 20)
    .map((name) => ({ path: name.slice(0, 60), message: 'is not a known field' }));

function bodyPart(route: Route): Validator {
  if (route.body !== undefined) {
    const check = compileValidator(route.body);
    return (body) => (body === undefined ? NO_BODY : check(body));
  }
  return route.bodyTypes.length > 0
    ? () => null
    : (body) => (body === undefined || isEmptyObject(body) ? null : UNEXPECTED_BODY);
}

const ALWAYS_GOOD: Validator = () => null;

function compileParts(route: Route): MountedRoute['validate'] {
  const params = route.params === undefined ? ALWAYS_GOOD : textPart(route.params);
  const query = textPart(route.query);
  const headers = route.headers === undefined ? ALWAYS_GOOD : textPart(route.headers);
  const body = bodyPart(route);
  return (request) => {
    const faults = [params(request.params), query(request.query), headers(request.headers), body(request.body)];
    const found = faults.flatMap((part) => part ?? []);
    return found.length === 0 ? null : found;
  };
}

function mediaTypesOf(route: Route): string[] {
  const types = new Set<string>();
  for (const response of Object.values(route.responses)) {
    if ('schema' in response) types.add('application/json');
    if ('alsoAs' in response) response.alsoAs?.forEach((type) => types.add(type));
    if ('events' in response) types.add(EVENT_STREAM);
    if ('contentTypes' in response) response.contentTypes.forEach((type) => types.add(type));
  }
  return [...types];
}

function jsonAnswers(route: Route): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  for (const [status, response] of Object.entries(route.responses)) {
    if ('schema' in response) schemas[status] = anonymousSchema(plainSchema(response.schema));
  }
  return schemas;
}

/** Compiles a route once, when the server is built. */
export function compileRoute(route: Route): MountedRoute {
  const isJson = Object.values(route.responses).every((one) => !('contentTypes' in one || 'events' in one));
  assert(route.idempotency === 'none' || isJson, `${route.operationId}: only JSON answers can be kept for a key`);
  const parkFrom = route.access.kind === 'roles' ? route.access.parkFrom : undefined;
  assert(
    parkFrom === undefined || parkFrom === 'resource' || /^(params|query|body)\.\w+$/.test(parkFrom),
    `${route.operationId}: parkFrom names a field`,
  );
  return {
    route,
    name: `${route.method} ${route.url}`,
    produces: mediaTypesOf(route),
    isPaged: isRecord(route.query?.['properties']) && Object.hasOwn(route.query['properties'], 'cursor'),
    validate: compileParts(route),
    answerSchemas: jsonAnswers(route),
  };
}
