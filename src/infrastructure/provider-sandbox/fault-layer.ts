import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallFault, FaultBook, Moment } from './faults.ts';

/** What a route says of itself, so that faults can be laid around it. */
export type FaultPoint = {
  readonly moment: Extract<Moment, 'create' | 'status' | 'refund'>;
  /** The merchant's key of the order that a request is about; null when it names none. */
  readonly orderKeyOf: (request: FastifyRequest) => string | null;
  /** How this provider tells in an answer with status 200 that it failed. */
  readonly errorIn200: object;
};

export type FaultTimes = {
  /** How long an answer that is lost is waited for before the connection breaks; the merchant may give up earlier. */
  readonly silentMs: number;
  /** How long a slow answer takes, and a late webhook. */
  readonly slowMs: number;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    faults?: FaultPoint;
  }
}

const REFUSALS: Partial<Record<CallFault, number>> = { error_500: 500, unavailable_503: 503, too_many_429: 429 };

/** Lays faults around all routes that are a `FaultPoint`; they know nothing of it. */
export function layFaults(server: FastifyInstance, book: FaultBook, { silentMs, slowMs }: FaultTimes): void {
  const met = new WeakMap<FastifyRequest, CallFault>();

  server.addHook('preHandler', async (request, reply) => {
    const point = request.routeOptions.config.faults;
    const orderKey = point?.orderKeyOf(request) ?? null;
    const fault = point === undefined || orderKey === null ? null : book.take(orderKey, point.moment);
    if (point === undefined || fault === null) return undefined;
    const status = REFUSALS[fault];
    if (status !== undefined) return reply.code(status).send();
    if (fault === 'error_in_200') return reply.code(200).send(point.errorIn200);
    if (fault === 'slow') await hungUpOrAfter(request.raw.socket, slowMs);
    else met.set(request, fault);
    return undefined;
  });
  server.addHook('onSend', async (request, reply, payload) => {
    const fault = met.get(request);
    if (fault === 'answer_lost') {
      await hungUpOrAfter(request.raw.socket, silentMs);
      request.raw.socket.destroy();
    }
    if (fault === 'acted_500') return emptied(reply.code(500));
    if (fault === 'created_201') return createdInBody(reply, payload);
    return payload;
  });
}

function emptied(reply: FastifyReply): string {
  reply.removeHeader('location').removeHeader('content-length');
  return '';
}

/** A page's address in the body instead of a redirect; a body that has it already stays. */
function createdInBody(reply: FastifyReply, payload: unknown): unknown {
  const location = reply.getHeader('location');
  reply.code(201).removeHeader('location');
  if (typeof location !== 'string') return payload;
  reply.removeHeader('content-length').type('application/json');
  return JSON.stringify({ paymentUrl: location });
}

/** Resolves when the other side has hung up, or after this long. */
function hungUpOrAfter(socket: Socket, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      socket.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    socket.once('close', done);
  });
}
