import { problem } from '../../infrastructure/http/problem.ts';
import type { Route } from '../../infrastructure/http/route.ts';
import { createWorkQueue } from '../../infrastructure/work-queue.ts';
import { ChallengeRequest, EnrolRequest, HelloRequest, PullRequest, PushRequest } from '../protocol/messages.ts';
import { RetireRequest, RotateRequest } from '../protocol/keys.ts';
import { createChangeKey } from './change-key.ts';
import { createEnrol } from './enrol.ts';
import { createSayHello } from './hello.ts';
import {
  challengeExample,
  enrolExample,
  helloExample,
  pullExample,
  pushExample,
  retireExample,
  rotateExample,
} from './examples.ts';
import type { HeadquartersTools } from './ports.ts';
import { headquartersKeyRoute } from './show-key.ts';
import { createHandOut } from './pull.ts';
import { createTakeSegments } from './push.ts';
import { openRoute, sessionRoute, trustedRoute } from './sync-route.ts';

/**
 * Pushes that are unpacked and looked at at once in one process, and that wait for it. Parks come again by themselves, also those
 * that waited too long.
 */
const UNPACKING = { concurrency: 2, maxWaiting: 30, longestWaitMs: 10_000 };

/** Why a key is not changed, for whoever has proven to be the node; whoever has not is told nothing. */
const keyProblem = (code: string) =>
  problem(code === 'key_change_open' || code === 'key_used_before' ? `node_${code}` : 'sync_refused');

/** Where nodes change their keys. */
function keyRoutes(tools: HeadquartersTools): readonly Route[] {
  const changeKey = createChangeKey(tools);
  return [
    openRoute({
      path: '/rotate',
      operationId: 'rotateNodeKey',
      summary: 'For nodes of parks: have another key taken beside the one in force',
      description:
        'Signed by the key in force, with a proof by the new one. Until the old one is retired either is good.',
      body: RotateRequest,
      bodyExample: rotateExample,
      limit: 'sync',
      async handle(request) {
        const done = await changeKey.certify(request);
        return done.ok ? done.value : keyProblem(done.refusal.code);
      },
    }),
    openRoute({
      path: '/retire',
      operationId: 'retireNodeKey',
      summary: 'For nodes of parks: end the key before the newest',
      description: 'Signed by the newest key. What the old one has sealed up to the place that is named stays good.',
      body: RetireRequest,
      bodyExample: retireExample,
      limit: 'sync',
      async handle(request) {
        const done = await changeKey.retire(request);
        return done.ok ? done.value : keyProblem(done.refusal.code);
      },
    }),
    headquartersKeyRoute(tools),
  ];
}

/** Where parks hand over what they wrote and read what headquarters wrote. */
export function syncRoutes(tools: HeadquartersTools): readonly Route[] {
  const { sessions, clock } = tools;
  const [enrol, sayHello] = [createEnrol(tools), createSayHello(tools)];
  const [takeSegments, handOut] = [createTakeSegments(tools), createHandOut(tools)];
  return [
    openRoute({
      path: '/enrol',
      operationId: 'enrolNode',
      summary: 'For nodes of parks: be enrolled',
      description: 'Takes the code that an administrator made and the public keys of the node; signed with its key.',
      body: EnrolRequest,
      bodyExample: enrolExample,
      limit: 'enrol',
      async handle(request, correlationId) {
        const done = await enrol(request, correlationId);
        if (done.ok) return done.value;
        const { code } = done.refusal;
        if (code === 'not_genuine') return problem('sync_refused');
        return problem(code === 'park_has_node' ? code : 'node_code_invalid');
      },
    }),
    openRoute({
      path: '/challenge',
      operationId: 'challengeNode',
      summary: 'For nodes of parks: something to sign',
      description: 'To be signed within half a minute, in a hello.',
      body: ChallengeRequest,
      bodyExample: challengeExample,
      limit: 'sync',
      handle: async ({ nodeId }) => ({ challenge: sessions.challenge(nodeId) }),
    }),
    openRoute({
      path: '/hello',
      operationId: 'helloNode',
      summary: 'For nodes of parks: say who one is and how far one is',
      description: 'Answers a verdict, how far headquarters has the node’s log, and a session for what follows.',
      body: HelloRequest,
      bodyExample: helloExample,
      limit: 'sync',
      async handle(hello) {
        const answer = await sayHello(hello);
        return answer.ok ? answer.value : problem('sync_refused');
      },
    }),
    ...keyRoutes(tools),
    sessionRoute(tools, {
      path: '/push',
      operationId: 'pushSegments',
      summary: 'For nodes of parks: hand over what one wrote',
      description:
        'Signed segments in order. Answers up to where headquarters has them for good; whatever is sent twice is stored once.',
      body: PushRequest,
      bodyExample: pushExample,
      large: { turns: createWorkQueue(UNPACKING, clock) },
      handle: (session, push) => takeSegments(session, push),
    }),
    trustedRoute(tools, {
      path: '/pull',
      operationId: 'pullFeed',
      summary: 'For nodes of parks: read what headquarters wrote',
      description: 'A page of what a park has to know, in the order in which it was written.',
      body: PullRequest,
      bodyExample: pullExample,
      handle: async (session, pull) => (await handOut(session, pull)) ?? problem('sync_refused'),
    }),
  ];
}
