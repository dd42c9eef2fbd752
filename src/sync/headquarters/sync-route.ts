import { Type, type Static, type TSchema } from 'typebox';
import { closedSchema } from '../../infrastructure/http/json-schema.ts';
import { JSON_TYPE, PACKED_TYPE, packJson, unpackJson, type Unpacked } from '../../infrastructure/http/packed-json.ts';
import { problem, type ProblemReply } from '../../infrastructure/http/problem.ts';
import { defineRoute, type Route } from '../../infrastructure/http/route.ts';
import { compileValidator } from '../../infrastructure/http/validation.ts';
import type { WorkQueue } from '../../infrastructure/work-queue.ts';
import { MOST_BYTES, MOST_PACKED_BYTES, MOST_VALUES, SESSION_HEADER, SMALL_BYTES } from '../protocol/limits.ts';
import { SESSION_EXAMPLE } from './examples.ts';
import { hearVoice } from './judge-voice.ts';
import { isTrusted } from './keys-in-force.ts';
import type { HeadquartersTools } from './ports.ts';
import type { Session, Sessions } from './session.ts';

const PROBLEMS = [
  'payload_too_large',
  'malformed_body',
  'validation_failed',
  'sync_refused',
  'node_code_invalid',
  'park_has_node',
  'busy',
  'node_key_change_open',
  'node_key_used_before',
] as const;
type Problem = ProblemReply<(typeof PROBLEMS)[number]>;

type Words<Body extends TSchema> = {
  /** Below `/sync/v1`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body: Body;
  readonly bodyExample: object;
};

/** Where bodies may be large: they are unpacked and looked at when their turn comes. */
type Large = { readonly turns: WorkQueue };

type Spec<Body extends TSchema, Caller> = Words<Body> & {
  readonly limit: 'sync' | 'enrol';
  readonly headers: TSchema;
  /** Who asks, by the headers alone; null: nobody who may. Until that is known the body is not looked at. */
  readonly callerOf: (headers: Readonly<Record<string, unknown>>) => Caller | null;
  /** Where nothing is said, bodies are small. */
  readonly large?: Large;
  readonly handle: (body: Static<Body>, caller: Caller, correlationId: string) => Promise<object | Problem>;
};

/** A route between nodes: JSON both ways, packed where it is large, and proven by what is in it rather than by a token. */
function packedRoute<Body extends TSchema, Caller>(spec: Spec<Body, Caller>): Route {
  const { path, body: schema, limit, callerOf, large, handle, ...words } = spec;
  const faultsOf = compileValidator(closedSchema(schema));

  async function read(bytes: Buffer): Promise<Unpacked | Problem> {
    // A gzip member begins with these two bytes, and no JSON does.
    const contentType = bytes[0] === 0x1f && bytes[1] === 0x8b ? PACKED_TYPE : JSON_TYPE;
    const mostBytes = large === undefined ? SMALL_BYTES : MOST_BYTES;
    const unpacked = await unpackJson({ contentType, bytes }, mostBytes, MOST_VALUES);
    if (unpacked.kind === 'too_large') return problem('payload_too_large');
    if (unpacked.kind === 'malformed') return problem('malformed_body', { detail: unpacked.detail });
    const errors = faultsOf(unpacked.value);
    return errors === null ? unpacked : problem('validation_failed', { errors });
  }

  return defineRoute({
    ...words,
    method: 'POST',
    base: false,
    path: `/sync/v1${path}`,
    tag: 'sync',
    access: { kind: 'public' },
    limits: [limit],
    rawBody: true,
    bodyTypes: [JSON_TYPE, PACKED_TYPE],
    bodyLimitBytes: large === undefined ? SMALL_BYTES : MOST_PACKED_BYTES,
    responses: { 200: { description: 'A signed answer, in JSON', contentTypes: [PACKED_TYPE, JSON_TYPE] } },
    problems: PROBLEMS,
    async handle(request) {
      const caller = callerOf(request.headers as Readonly<Record<string, unknown>>);
      if (caller === null) return problem('sync_refused');
      const bytes = request.rawBody ?? Buffer.alloc(0);
      const looked =
        large === undefined
          ? { ok: true as const, value: await read(bytes) }
          : await large.turns.run(() => read(bytes));
      if (!looked.ok) return problem('busy');
      if ('problem' in looked.value) return looked.value;
      const { value } = looked.value as Extract<Unpacked, { kind: 'value' }>;
      const answer = await handle(value as Static<Body>, caller, request.correlationId);
      if ('problem' in answer) return answer;
      const packed = await packJson(JSON.stringify(answer), request.accepts([JSON_TYPE, PACKED_TYPE]) === PACKED_TYPE);
      return { status: 200, body: packed.bytes, contentType: packed.contentType };
    },
  });
}

/** A route for whoever has proven nothing yet. Its bodies are small. */
export const openRoute = <Body extends TSchema>(
  spec: Words<Body> & {
    readonly limit: 'sync' | 'enrol';
    readonly handle: (body: Static<Body>, correlationId: string) => Promise<object | Problem>;
  },
): Route =>
  packedRoute<Body, true>({
    ...spec,
    headers: Type.Object({}),
    callerOf: () => true,
    handle: (body, _anybody, correlationId) => spec.handle(body, correlationId),
  });

const SessionHeaders = Type.Object({
  [SESSION_HEADER]: Type.String({
    pattern: '^[A-Za-z0-9_.-]+$',
    maxLength: 600,
    description: 'The session that the answer to the hello gave',
    example: SESSION_EXAMPLE,
  }),
});

/**
 * A route for nodes that said hello. Their session is in a header, so that nothing is unpacked for anybody else. Of a copy it is over:
 * in its next hello it is told why.
 */
export const sessionRoute = <Body extends TSchema>(
  tools: { readonly sessions: Pick<Sessions, 'read'> } & Pick<HeadquartersTools, 'voices' | 'clock'>,
  spec: Words<Body> & {
    readonly large?: Large;
    readonly handle: (session: Session, body: Static<Body>) => Promise<object | Problem>;
  },
): Route =>
  packedRoute<Body, Session>({
    ...spec,
    limit: 'sync',
    headers: SessionHeaders,
    callerOf: (headers) => tools.sessions.read(String(headers[SESSION_HEADER])),
    async handle(body, session) {
      const { isCopy } = await hearVoice(tools, { ...session, life: session.incarnation });
      return isCopy ? problem('sync_refused') : spec.handle(session, body);
    },
  });

/** A session route that answers no node any more once it is revoked or its key has changed, also within a session. */
export const trustedRoute = <Body extends TSchema>(
  tools: Parameters<typeof sessionRoute<Body>>[0] & { readonly registry: Pick<HeadquartersTools['registry'], 'find'> },
  spec: Parameters<typeof sessionRoute<Body>>[1],
): Route =>
  sessionRoute<Body>(tools, {
    ...spec,
    async handle(session, body) {
      const isStill = isTrusted(await tools.registry.find(session.nodeId), session);
      return isStill ? spec.handle(session, body) : problem('sync_refused');
    },
  });
