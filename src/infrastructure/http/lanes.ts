import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { sendProblem } from './answer.ts';
import type { HttpConfig } from './http-config.ts';
import { OPERATIONS_TAG } from './operations-routes.ts';
import { problem } from './problem.ts';
import type { Route } from './route.ts';

/**
 * Whose requests wait together. Gates have a lane of their own, which no rush of buyers fills; so have machines that tell us of
 * money and logs. `free` is not counted: probes, and streams of events, which have limits of their own.
 */
export type Lane = 'gates' | 'machines' | 'others' | 'free';

declare module 'fastify' {
  interface FastifyContextConfig {
    lane?: Lane;
  }
}

export function laneOf(route: Pick<Route, 'tag' | 'limits' | 'responses'>): Lane {
  const isStream = Object.values(route.responses).some((one) => 'events' in one);
  if (route.tag === OPERATIONS_TAG || isStream) return 'free';
  if (route.limits.includes('gate')) return 'gates';
  return route.limits.includes('sync') || route.limits.includes('webhook') ? 'machines' : 'others';
}

/** What `busy` asks to wait: soon enough for a person, and longer than what is under way takes. */
const RETRY_AFTER_SECONDS = 2;
const SWEEP_MS = 1_000;

type UnderWay = {
  readonly reply: FastifyReply;
  /** The work is done: others may come in. Called as often as one likes. */
  readonly leaveLane: () => void;
  sweeps: number;
};

/** Ends a connection with all that waits to be read on it; the system would go on feeding it to a slow reader. */
function cut(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Calls each `ending` when its connection has closed: what is queued behind another answer is never told of that by itself. */
function watchSockets() {
  const endings = new WeakMap<Socket, Set<() => void>>();
  return {
    add(socket: Socket, ending: () => void): void {
      const known = endings.get(socket);
      if (known !== undefined) return void known.add(ending);
      const fresh = new Set([ending]);
      endings.set(socket, fresh);
      socket.once('close', () => fresh.forEach((each) => each()));
    },
    remove: (socket: Socket, ending: () => void) => void endings.get(socket)?.delete(ending),
  };
}

function countLanes(metrics: Registry) {
  const underWay = { gates: 0, machines: 0, others: 0 };
  const shed = new Counter({
    name: 'http_requests_shed_total',
    help: 'Requests refused because as many of their lane were under way as may be',
    labelNames: ['lane'],
    registers: [metrics],
  });
  new Gauge({
    name: 'http_requests_under_way',
    help: 'Requests that were let in and are not answered yet, by lane',
    labelNames: ['lane'],
    registers: [metrics],
    collect() {
      for (const [lane, count] of Object.entries(underWay)) this.set({ lane }, count);
    },
  });
  return { underWay, shed };
}

function cutSlowReaders(
  app: FastifyInstance,
  answering: ReadonlyMap<FastifyRequest, UnderWay>,
  answerLimitMs: number,
): void {
  const mostSweeps = Math.ceil(answerLimitMs / SWEEP_MS);
  let sweeping: NodeJS.Timeout | undefined;
  const sweep = (): void => {
    for (const [request, one] of answering) {
      if (!one.reply.raw.headersSent) continue;
      one.sweeps += 1;
      if (one.sweeps <= mostSweeps) continue;
      request.log.info({ request_id: request.id, route: request.mounted?.name }, 'an answer was read too slowly');
      cut(request.raw.socket);
    }
  };
  // Nobody reads slowly from a server that does not listen.
  app.addHook('onListen', (done) => {
    sweeping = setInterval(sweep, SWEEP_MS);
    sweeping.unref();
    done();
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(sweeping);
    done();
  });
}

/**
 * Refuses a request at its headers, before any work is done for it, when its lane is full: what is under way is then answered in
 * bounded time (Little's law: lane / capacity), and memory is bounded. A place is taken when the body is in and given back when the
 * answer is made, or when all of it is out where it is a stream: whoever sends or reads slowly keeps nobody else out. Whoever reads
 * an answer for longer than `answerLimitMs`, however steadily, is cut.
 */
export function guardLanes(
  app: FastifyInstance,
  { lanes, answerLimitMs }: Pick<HttpConfig, 'lanes' | 'answerLimitMs'>,
  metrics: Registry,
): void {
  const { underWay, shed } = countLanes(metrics);
  const [answering, sockets] = [new Map<FastifyRequest, UnderWay>(), watchSockets()];
  const isRefused = (lane: Exclude<Lane, 'free'>, request: FastifyRequest, reply: FastifyReply): boolean => {
    if (underWay[lane] < lanes[lane]) return false;
    shed.inc({ lane });
    sendProblem(request, reply, problem('busy', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
    return true;
  };
  app.addHook('onRequest', (request, reply, done) => {
    const lane = request.routeOptions.config.lane ?? 'others';
    if (lane === 'free' || !isRefused(lane, request, reply)) done();
  });
  app.addHook('preValidation', (request, reply, done) => {
    const lane = request.routeOptions.config.lane ?? 'others';
    if (lane === 'free') return done();
    if (isRefused(lane, request, reply)) return;
    const { socket } = request.raw;
    let isInLane = true;
    underWay[lane] += 1;
    const leaveLane = (): void => {
      if (isInLane) underWay[lane] -= 1;
      isInLane = false;
    };
    // The answer is out, or nobody is there any more to read it.
    const end = (): void => {
      leaveLane();
      answering.delete(request);
      sockets.remove(socket, end);
    };
    answering.set(request, { reply, leaveLane, sweeps: 0 });
    reply.raw.once('close', end);
    sockets.add(socket, end);
    done();
  });
  app.addHook('onSend', (request, _reply, payload, done) => {
    const isWhole =
      payload === null || payload === undefined || typeof payload === 'string' || Buffer.isBuffer(payload);
    if (isWhole) answering.get(request)?.leaveLane();
    done(null, payload);
  });
  cutSlowReaders(app, answering, answerLimitMs);
}
