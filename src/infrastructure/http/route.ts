import type { Static, TSchema, TUndefined } from 'typebox';
import { assert } from '../../kernel/assert.ts';
import type { Where } from '../../kernel/node-role.ts';
import type { Access, PrincipalOf } from './access.ts';
import type { ErrorCode, Language } from './error-table.ts';
import type { EventSource } from './event-source.ts';
import { closedSchema } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { LimitName } from './limits.ts';
import type { ProblemReply } from './problem.ts';
import type { Upload } from './upload.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Everything of the API but key sets, health and documents lives below it. */
export const API_BASE = '/api/v1';

type Described = {
  readonly description: string;
  /** Names of headers that this answer carries, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
};
/**
 * An answer in JSON. The example must match the schema; a test holds every route to it. `alsoAs` names media types, such as
 * `text/csv`, in which the handler gives the same answer as a text.
 */
export type JsonResponse = Described & {
  readonly schema: TSchema;
  readonly example: unknown;
  readonly alsoAs?: readonly string[];
};
/** An answer in other media types, such as `image/png` or `text/plain`. */
export type RawResponse = Described & { readonly contentTypes: readonly string[]; readonly example?: string };
/** A stream of events (`text/event-stream`), each with a JSON value of the schema; the example is one of them. */
export type EventsResponse = Described & { readonly events: TSchema; readonly example: unknown };
export type EmptyResponse = Described;
export type ResponseSpec = JsonResponse | RawResponse | EventsResponse | EmptyResponse;
export type ResponseSpecs = { readonly [status: number]: ResponseSpec };

export type Idempotency = 'required' | 'optional' | 'none';

/**
 * Whether a route asks for a fresh proof of who is asking: `required` refuses a person whose last one is too old, or lacks the second
 * factor that the account has. Devices have no owner to ask. What staff change needs one unless its route says `none`.
 */
export type StepUp = 'required' | 'none';

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: DeepReadonly<T[Name]> }
    : T;

type ReplyHead<Status> = {
  readonly status: Extract<Status, number>;
  /** Not the last word: no answer to the idempotency key, so that a repeat runs again. */
  readonly keep?: false;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A text, or the parts of one that is made while it is sent. */
type TextBody = { readonly body: string | AsyncIterable<string>; readonly contentType: string };

type ReplyWith<Status, Spec> = Spec extends { readonly schema: infer Schema extends TSchema }
  ? | (ReplyHead<Status> & { readonly body: DeepReadonly<Static<Schema>> })
    | (Spec extends { readonly alsoAs: readonly string[] } ? ReplyHead<Status> & TextBody : never)
  : Spec extends { readonly contentTypes: readonly string[] }
    ? ReplyHead<Status> & { readonly body: string | Uint8Array; readonly contentType: string }
    : Spec extends { readonly events: infer Schema extends TSchema }
      ? { readonly status: 200; readonly events: EventSource<DeepReadonly<Static<Schema>>> }
      : ReplyHead<Status> & { readonly body?: undefined };

/** What a handler may answer: one of the declared responses, with the body that its schema describes. */
export type ReplyOf<Responses extends ResponseSpecs> = {
  [Status in keyof Responses]: ReplyWith<Status, Responses[Status]>;
}[keyof Responses];

/** Any answer, as the server sees it. */
export type RouteReply =
  | {
      readonly status: number;
      readonly keep?: false;
      readonly body?: unknown;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly events?: EventSource<unknown>;
    }
  | ProblemReply;

type Keyed<I extends Idempotency, Value> = I extends 'required'
  ? Value
  : I extends 'optional'
    ? Value | undefined
    : undefined;

/** A validated request. */
export type RouteRequest<Params, Query, Body, Headers, A extends Access, I extends Idempotency> = {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Headers;
  readonly principal: PrincipalOf<A>;
  readonly requestId: string;
  /** The trace id of the caller when there is one, else the request id. */
  readonly correlationId: string;
  readonly language: Language;
  /** Address of the client as seen behind the trusted proxies, to count by: of IPv6 the subscriber's, `2001:db8:1:2::/64`. */
  readonly clientAddress: string;
  /** The very address, to compare with lists of addresses. */
  readonly exactAddress: string;
  readonly idempotencyKey: Keyed<I, string>;
  /** UUID made of principal, route and key: the same request always has the same one, so its effects happen once, for ever. */
  readonly commandId: Keyed<I, string>;
  /** The exact bytes of the body, on routes that ask for them. */
  readonly rawBody: Buffer | undefined;
  /** The body, on routes that take uploads. */
  readonly upload: Upload | undefined;
  /** The version that `If-Match` names, on routes with `editing`; 0, which no version is, elsewhere. */
  readonly ifMatch: number;
  /** The id of the last event that a client of a stream has seen, when it connects again. At most 200 characters. */
  readonly lastEventId: string | undefined;
  /** The media type to answer in, by `Accept`. The server has already refused a request that accepts none of them. */
  accepts<const ContentType extends string>(types: readonly [ContentType, ...ContentType[]]): ContentType;
};

export type RouteSpec<
  Responses extends ResponseSpecs,
  Problem extends ErrorCode,
  A extends Access,
  I extends Idempotency,
  Params extends TSchema,
  Query extends TSchema,
  Body extends TSchema,
  Headers extends TSchema,
> = {
  readonly method: Method;
  /** Below {@link API_BASE}, with `:name` for parameters: `/tickets/:id`. */
  readonly path: string;
  /** `false` for the few addresses outside of the base. */
  readonly base?: false;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access: A;
  /** Staff routes that change something say it; see {@link StepUp}. */
  readonly stepUp?: StepUp;
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: Body;
  readonly bodyExample?: unknown;
  /** Media types of the body besides JSON. Such a body is not parsed: read `rawBody`. */
  readonly bodyTypes?: readonly string[];
  /** Keeps the exact bytes for the handler. Without a `body` schema the content is not parsed at all. */
  readonly rawBody?: true;
  /** The body is written to the disk as it arrives, up to `bodyLimitBytes`: read `upload`. */
  readonly isUpload?: true;
  readonly bodyLimitBytes?: number;
  readonly responses: Responses;
  /** Codes that the handler itself may answer; what the server adds is not repeated. */
  readonly problems: readonly Problem[];
  readonly idempotency?: I;
  /** What is edited has versions: the caller must send the `ETag` it saw as `If-Match`, read it from `request.ifMatch`. */
  readonly editing?: true;
  /** Which nodes answer it; headquarters alone when it says nothing, and parks then answer `hq_only`. */
  readonly servedAt?: Where;
  /** Limits besides the one that every client has; see `limits.ts`. */
  readonly limits?: readonly LimitName[];
  /** A request counts as often against the limits as it holds of these; `what` is their name, in the plural. */
  readonly counts?: { readonly what: string; of(body: Static<Body>): number };
  handle(
    request: RouteRequest<Static<Params>, Static<Query>, Static<Body>, Static<Headers>, A, I>,
  ): Promise<ReplyOf<Responses> | ProblemReply<NoInfer<Problem>>>;
};

/** One operation of the API: all that the server, the document and the client need to know about it. */
export type Route = {
  readonly method: Method;
  /** The whole path, as the router knows it. */
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly tag: string;
  readonly access: Access;
  readonly stepUp: StepUp;
  /** Whether the declaration says so itself. */
  readonly saysStepUp: boolean;
  readonly params: JsonSchema | undefined;
  readonly query: JsonSchema | undefined;
  readonly headers: JsonSchema | undefined;
  readonly body: JsonSchema | undefined;
  readonly bodyExample: unknown;
  readonly bodyTypes: readonly string[];
  readonly rawBody: boolean;
  readonly isUpload: boolean;
  readonly bodyLimitBytes: number | undefined;
  readonly responses: ResponseSpecs;
  readonly problems: readonly ErrorCode[];
  readonly idempotency: Idempotency;
  readonly editing: boolean;
  readonly servedAt: Where;
  readonly limits: readonly LimitName[];
  readonly counts: { readonly what: string; of(body: unknown): number } | undefined;
  handle(request: RouteRequest<unknown, unknown, unknown, unknown, Access, Idempotency>): Promise<RouteReply>;
};

const optionalClosed = (schema: TSchema | undefined): JsonSchema | undefined =>
  schema === undefined ? undefined : closedSchema(schema);

/** A declaration whose types were checked where it was written. */
type CheckedSpec = Pick<
  Route,
  'method' | 'operationId' | 'summary' | 'tag' | 'access' | 'responses' | 'problems' | 'handle'
> &
  Partial<
    Pick<
      Route,
      | 'description'
      | 'bodyExample'
      | 'bodyTypes'
      | 'rawBody'
      | 'bodyLimitBytes'
      | 'idempotency'
      | 'servedAt'
      | 'limits'
      | 'counts'
      | 'stepUp'
    >
  > & {
    readonly editing?: true;
    readonly isUpload?: true;
  } & {
    readonly path: string;
    readonly base?: false;
    readonly params?: TSchema;
    readonly query?: TSchema;
    readonly headers?: TSchema;
    readonly body?: TSchema;
  };

/** What nobody thought of needs a fresh proof. */
const isChangeByStaff = ({ access, method }: Pick<CheckedSpec, 'access' | 'method'>): boolean =>
  access.kind === 'roles' && method !== 'GET';

/** Declares a route. The handler is typed by the schemas; objects in requests are closed to unknown fields. */
export function defineRoute<
  const Responses extends ResponseSpecs,
  const Problem extends ErrorCode,
  const A extends Access,
  const I extends Idempotency = 'none',
  Params extends TSchema = TUndefined,
  Query extends TSchema = TUndefined,
  Body extends TSchema = TUndefined,
  Headers extends TSchema = TUndefined,
>(spec: RouteSpec<Responses, Problem, A, I, Params, Query, Body, Headers>): Route;
export function defineRoute(spec: CheckedSpec): Route {
  const idempotency = spec.idempotency ?? 'none';
  assert(
    idempotency === 'none' || spec.access.kind !== 'public',
    `${spec.operationId}: a key needs a principal to belong to`,
  );
  return {
    method: spec.method,
    url: spec.base === false ? spec.path : `${API_BASE}${spec.path}`,
    operationId: spec.operationId,
    summary: spec.summary,
    description: spec.description,
    tag: spec.tag,
    access: spec.access,
    stepUp: spec.stepUp ?? (isChangeByStaff(spec) ? 'required' : 'none'),
    saysStepUp: spec.stepUp !== undefined,
    params: optionalClosed(spec.params),
    query: optionalClosed(spec.query),
    headers: spec.headers === undefined ? undefined : { ...closedSchema(spec.headers), additionalProperties: true },
    body: optionalClosed(spec.body),
    bodyExample: spec.bodyExample,
    bodyTypes: spec.bodyTypes ?? (spec.body === undefined && spec.rawBody !== true ? [] : ['application/json']),
    rawBody: spec.rawBody ?? false,
    isUpload: spec.isUpload ?? false,
    bodyLimitBytes: spec.bodyLimitBytes,
    responses: spec.responses,
    problems: spec.problems,
    idempotency,
    editing: spec.editing ?? false,
    servedAt: spec.servedAt ?? 'hq',
    limits: spec.limits ?? [],
    counts: spec.counts,
    handle: (request) => spec.handle(request),
  };
}
