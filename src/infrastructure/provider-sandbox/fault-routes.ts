import type { FastifyInstance } from 'fastify';
import { parseJson } from '../payment-providers/finik/canonical-json.ts';
import { areFaults, isPlan, type FaultBook } from './faults.ts';
import type { OrderBook } from './order-book.ts';
import { problem } from './problem.ts';
import { bodyOf } from './raw-body.ts';

/**
 * For programs: `PUT /faults {plan: {seed, rate} | null}` and `{next: [fault…]}`, `PUT /faults/{key} [fault…]` for the order
 * under the merchant's key; a fault is `{moment, kind, times}`. `GET /orders` is everything that was ordered, paid and given
 * back, to compare with the merchant's books.
 */
export function faultRoutes(server: FastifyInstance, faults: FaultBook, book: OrderBook): void {
  server.get('/faults', async () => ({ plan: faults.plan() }));
  server.put('/faults', async (request, reply) => {
    const body = parseJson(bodyOf(request).toString('utf8'));
    if (typeof body !== 'object' || body === null) return unreadable(reply);
    const { plan, next, ...unknown } = body as Readonly<Record<string, unknown>>;
    const isGood =
      Object.keys(unknown).length === 0 &&
      (plan === undefined || plan === null || isPlan(plan)) &&
      (next === undefined || areFaults(next));
    if (!isGood) return unreadable(reply);
    if (plan !== undefined) faults.setPlan(plan);
    if (next !== undefined) faults.setNext(next);
    return reply.code(204).send();
  });
  server.put<{ Params: { key: string } }>('/faults/:key', async (request, reply) => {
    const body = parseJson(bodyOf(request).toString('utf8'));
    if (!areFaults(body)) return unreadable(reply);
    faults.setFor(request.params.key, body);
    return reply.code(204).send();
  });
  server.get('/orders', async () => ({ orders: book.totals() }));
}

const unreadable = (reply: Parameters<typeof problem>[0]) =>
  problem(reply, 400, 'bad_faults', 'There are no such faults.');
