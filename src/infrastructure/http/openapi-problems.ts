import { errorEntry } from './error-table.ts';
import type { ErrorCode } from './error-table.ts';
import type { JsonSchema } from './json-schema.ts';
import { problemBody, problem } from './problem.ts';
import type { Route } from './route.ts';

const EXAMPLE_REQUEST = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

/** The body of every refusal. */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'A refusal after RFC 9457. `code` is stable; the texts follow Accept-Language.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'error', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri', description: 'Names this occurrence' },
    code: { type: 'string', description: 'Stable; switch on it' },
    error: { type: 'string', description: 'The same text as `detail`' },
    errors: {
      type: 'array',
      description: 'The wrong fields, when fields are wrong',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request_id: { type: 'string' },
  },
  additionalProperties: true,
};

/** Refusals that any request may meet. */
const ALWAYS: readonly ErrorCode[] = [
  'malformed_body',
  'not_acceptable',
  'request_timeout',
  'rate_limited',
  'headers_too_large',
  'internal',
  'busy',
];

/** All refusals of a route: those of its handler and those that the server adds. */
export function problemsOf(route: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>([...ALWAYS, ...route.problems]);
  const add = (condition: boolean, ...more: ErrorCode[]): void => {
    if (condition) more.forEach((code) => codes.add(code));
  };
  const { access } = route;
  add(true, 'validation_failed');
  add(route.method !== 'GET', 'payload_too_large', 'unsupported_media_type');
  // Who proves to be a device, or without the right, is refused wherever a token is looked at.
  add(access.kind !== 'public' || access.token === 'optional', 'unauthorized', 'forbidden');
  add(access.kind === 'roles', 'second_factor_required');
  add(route.stepUp === 'required', 'step_up_required');
  add(route.editing, 'precondition_required', 'precondition_failed');
  add(route.idempotency === 'required', 'idempotency_key_required');
  add(route.idempotency !== 'none', 'idempotency_key_in_flight', 'idempotency_key_reused');
  // An answer that the route describes itself, such as readiness, is not described twice.
  return [...codes].filter((code) => !Object.hasOwn(route.responses, errorEntry(code).status)).toSorted();
}

/** An example of a refusal, as a member of `components.examples`. */
export function problemExample(code: ErrorCode): JsonSchema {
  const errors =
    code === 'validation_failed'
      ? { errors: [{ path: 'children.0.birth_date', message: 'must match format "date"' }] }
      : {};
  return { summary: errorEntry(code).title.en, value: problemBody(problem(code, errors), EXAMPLE_REQUEST, 'en') };
}

const HEADERS_OF: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'How to sign in' },
  429: {
    'Retry-After': 'Seconds to wait',
    'X-RateLimit-Limit': 'Requests of the limit that is nearest',
    'X-RateLimit-Remaining': 'How many of them are left',
    'X-RateLimit-Reset': 'When more come, in seconds since 1970',
  },
  503: { 'Retry-After': 'Seconds to wait' },
};

export const headerObjects = (headers: Readonly<Record<string, string>>): JsonSchema =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );

/** One answer for all codes of a status. */
export function problemResponse(status: number, codes: readonly ErrorCode[]): JsonSchema {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorEntry(code).title.en}.`).join(' '),
    headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' }, ...headerObjects(HEADERS_OF[status] ?? {}) },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}
