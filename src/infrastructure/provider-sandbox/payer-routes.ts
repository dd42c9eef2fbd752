import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../kernel/time.ts';
import type { Order, OrderBook, Settlement } from './order-book.ts';
import { PAYER_PAGE_HEADERS, payerPage } from './payer-page.ts';
import { problem } from './problem.ts';

export type PayerOptions = {
  readonly book: OrderBook;
  readonly clock: Clock;
  readonly refresh: (order: Order) => Promise<Order>;
  /** Called for an order that was settled just now or earlier; sends what is due. */
  readonly settled: (order: Order) => void;
};

const ACTS = { pay: 'paid', decline: 'declined', expire: 'expired' } as const;

/** A new settlement; its ids are those of the webhook event and of the bank's transaction. */
export const settlementOf = (outcome: Settlement['outcome'], atMs: number): Settlement => ({
  outcome,
  atMs,
  eventId: randomUUID(),
  transactionId: randomUUID(),
});

/** The page for people, and for programs `POST …/pay`, `/decline` and `/expire`: 204, or 409 when settled otherwise. */
export function payerRoutes(server: FastifyInstance, { book, clock, refresh, settled }: PayerOptions): void {
  server.get<{ Params: { orderId: string } }>('/payer/:orderId', async (request, reply) => {
    const order = await book.byOrderId(request.params.orderId);
    if (order === null) return problem(reply, 404, 'not_found', 'There is no such order.');
    return reply.headers(PAYER_PAGE_HEADERS).send(payerPage(await refresh(order)));
  });
  for (const act of ['pay', 'decline', 'expire'] as const) {
    server.post<{ Params: { orderId: string } }>(`/payer/:orderId/${act}`, async (request, reply) => {
      const order = await book.byOrderId(request.params.orderId);
      if (order === null) return problem(reply, 404, 'not_found', 'There is no such order.');
      await refresh(order);
      const mine = settlementOf(ACTS[act], clock.now());
      const after = await book.settle(order.orderId, mine);
      if (after.settlement?.eventId === mine.eventId) settled(after);
      // A browser gets the page, which tells what became of the order.
      if (request.headers.accept?.includes('text/html')) return reply.redirect(`/payer/${order.orderId}`, 303);
      if (after.settlement?.outcome !== ACTS[act]) {
        return problem(reply, 409, 'already_settled', `The order is already ${after.settlement?.outcome}.`);
      }
      return reply.code(204).send();
    });
  }
}
