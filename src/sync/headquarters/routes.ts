import type { TSchema, Static } from 'typebox';
import { problem } from '../../infrastructure/http/problem.ts';
import type { Route } from '../../infrastructure/http/route.ts';
import { ChallengeRequest, EnrolRequest, HelloRequest, PullRequest, PushRequest } from '../protocol/messages.ts';
import { createEnrol } from './enrol.ts';
import { createSayHello } from './hello.ts';
import { challengeExample, enrolExample, helloExample, pullExample, pushExample } from './examples.ts';
import { hearVoice } from './judge-voice.ts';
import type { HeadquartersTools } from './ports.ts';
import { createHandOut } from './pull.ts';
import { createTakeSegments } from './push.ts';
import type { Session } from './session.ts';
import { syncRoute } from './sync-route.ts';

/** Bodies before anybody has proven anything are small. */
const SMALL_BYTES = 64 * 1024;

/** A route for nodes that said hello: their session is in the body. Of a copy it is over: in the next hello it is told so. */
export function sessionRoute<Body extends TSchema>(
  tools: Pick<HeadquartersTools, 'sessions' | 'registry' | 'clock'>,
  spec: Omit<Parameters<typeof syncRoute<Body>>[0], 'handle' | 'limit'> & {
    readonly handle: (session: Session, body: Static<Body>) => Promise<object>;
  },
): Route {
  return syncRoute<Body>({
    ...spec,
    limit: 'sync',
    async handle(body) {
      const session = tools.sessions.read(String((body as { readonly session: unknown }).session));
      const isOver = session === null || (await hearVoice(tools, { ...session, life: session.incarnation })).isCopy;
      return isOver ? problem('sync_refused') : spec.handle(session, body);
    },
  });
}

/** Where parks hand over what they wrote and read what headquarters wrote. */
export function syncRoutes(tools: HeadquartersTools): readonly Route[] {
  const { sessions } = tools;
  const [enrol, sayHello] = [createEnrol(tools), createSayHello(tools)];
  const [takeSegments, handOut] = [createTakeSegments(tools), createHandOut(tools)];
  return [
    syncRoute({
      path: '/enrol',
      operationId: 'enrolNode',
      summary: 'For nodes of parks: be enrolled',
      description: 'Takes the code that an administrator made and the public keys of the node; signed with its key.',
      body: EnrolRequest,
      bodyExample: enrolExample,
      limit: 'enrol',
      mostBytes: SMALL_BYTES,
      async handle(request, correlationId) {
        const done = await enrol(request, correlationId);
        if (done.ok) return done.value;
        const { code } = done.refusal;
        if (code === 'not_genuine') return problem('sync_refused');
        return problem(code === 'park_has_node' ? code : 'node_code_invalid');
      },
    }),
    syncRoute({
      path: '/challenge',
      operationId: 'challengeNode',
      summary: 'For nodes of parks: something to sign',
      description: 'To be signed within half a minute, in a hello.',
      body: ChallengeRequest,
      bodyExample: challengeExample,
      limit: 'sync',
      mostBytes: SMALL_BYTES,
      handle: async ({ nodeId }) => ({ challenge: sessions.challenge(nodeId) }),
    }),
    syncRoute({
      path: '/hello',
      operationId: 'helloNode',
      summary: 'For nodes of parks: say who one is and how far one is',
      description: 'Answers a verdict, how far headquarters has the node’s log, and a session for what follows.',
      body: HelloRequest,
      bodyExample: helloExample,
      limit: 'sync',
      mostBytes: SMALL_BYTES,
      async handle(hello) {
        const answer = await sayHello(hello);
        return answer.ok ? answer.value : problem('sync_refused');
      },
    }),
    sessionRoute(tools, {
      path: '/push',
      operationId: 'pushSegments',
      summary: 'For nodes of parks: hand over what one wrote',
      description:
        'Signed segments in order. Answers up to where headquarters has them for good; whatever is sent twice is stored once.',
      body: PushRequest,
      bodyExample: pushExample,
      handle: (session, push) => takeSegments(session, push),
    }),
    sessionRoute(tools, {
      path: '/pull',
      operationId: 'pullFeed',
      summary: 'For nodes of parks: read what headquarters wrote',
      description: 'A page of what a park has to know, in the order in which it was written.',
      body: PullRequest,
      bodyExample: pullExample,
      mostBytes: SMALL_BYTES,
      handle: (session, pull) => handOut(session, pull),
    }),
  ];
}
