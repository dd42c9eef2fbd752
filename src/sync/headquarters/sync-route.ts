import type { Static, TSchema } from 'typebox';
import { closedSchema } from '../../infrastructure/http/json-schema.ts';
import { JSON_TYPE, PACKED_TYPE, packJson, unpackJson } from '../../infrastructure/http/packed-json.ts';
import { problem, type ProblemReply } from '../../infrastructure/http/problem.ts';
import { defineRoute, type Route } from '../../infrastructure/http/route.ts';
import { compileValidator } from '../../infrastructure/http/validation.ts';
import { MOST_BYTES, MOST_PACKED_BYTES } from '../protocol/limits.ts';

const PROBLEMS = [
  'payload_too_large',
  'malformed_body',
  'validation_failed',
  'sync_refused',
  'node_code_invalid',
  'park_has_node',
  'node_key_change_open',
  'node_key_used_before',
] as const;
type Problem = ProblemReply<(typeof PROBLEMS)[number]>;

type Spec<Body extends TSchema> = {
  /** Below `/sync/v1`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body: Body;
  readonly bodyExample: object;
  readonly limit: 'sync' | 'enrol';
  /** Most bytes of a body as it travels. */
  readonly mostBytes?: number;
  readonly handle: (body: Static<Body>, correlationId: string) => Promise<object | Problem>;
};

/** A route between nodes: JSON both ways, packed where it is large, and proven by what is in it rather than by a token. */
export function syncRoute<Body extends TSchema>(spec: Spec<Body>): Route {
  const { path, body: schema, limit, mostBytes = MOST_PACKED_BYTES, handle, ...words } = spec;
  const faultsOf = compileValidator(closedSchema(schema));
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
    bodyLimitBytes: mostBytes,
    responses: { 200: { description: 'A signed answer, in JSON', contentTypes: [PACKED_TYPE, JSON_TYPE] } },
    problems: PROBLEMS,
    async handle(request) {
      const bytes = request.rawBody ?? Buffer.alloc(0);
      // A gzip member begins with these two bytes, and no JSON does.
      const contentType = bytes[0] === 0x1f && bytes[1] === 0x8b ? PACKED_TYPE : JSON_TYPE;
      const unpacked = await unpackJson({ contentType, bytes }, MOST_BYTES);
      if (unpacked.kind === 'too_large') return problem('payload_too_large');
      if (unpacked.kind === 'malformed') return problem('malformed_body', { detail: unpacked.detail });
      const errors = faultsOf(unpacked.value);
      if (errors !== null) return problem('validation_failed', { errors });
      const answer = await handle(unpacked.value as Static<Body>, request.correlationId);
      if ('problem' in answer) return answer;
      const packed = await packJson(JSON.stringify(answer), request.accepts([JSON_TYPE, PACKED_TYPE]) === PACKED_TYPE);
      return { status: 200, body: packed.bytes, contentType: packed.contentType };
    },
  });
}
