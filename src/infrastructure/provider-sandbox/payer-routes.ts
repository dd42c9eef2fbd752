import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/time.ts';
import type { FaultBook } from './faults.ts';
import type { Order, OrderBook, Settlement } from './order-book.ts';
import { MOST_WRONG_CODES, PAYER_PAGE_HEADERS, payerPage, RIGHT_CODE } from './payer-page.ts';
import { payerTexts } from './payer-texts.ts';
import { problem } from './problem.ts';
import { formOf } from './raw-body.ts';

export type PayerOptions = {
  readonly book: OrderBook;
  readonly faults: FaultBook;
  readonly clock: Clock;
  readonly refresh: (order: Order) => Promise<Order>;
  /** Called for an order that was settled just now or earlier; sends what is due. */
  readonly settled: (order: Order) => void;
};

const ACTS = { pay: 'paid', decline: 'declined', expire: 'expired' } as const;
type Act = keyof typeof ACTS;

/** A new settlement; its ids are those of the webhook event and of the bank's transaction. */
export const settlementOf = (outcome: Settlement['outcome'], atMs: number): Settlement => ({
  outcome,
  atMs,
  eventId: randomUUID(),
  transactionId: randomUUID(),
});

const isBrowser = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') === true;

/**
 * The page for people, and for programs `POST …/pay`, `/decline` and `/expire`: 204, or 409 when settled otherwise. Programs
 * pay directly; a browser that pays by card is asked for a code first, at `/code`.
 */
export function payerRoutes(server: FastifyInstance, options: PayerOptions): void {
  const { book, clock, refresh } = options;
  const settle = createSettle(options);

  server.get<{ Params: { orderId: string } }>('/payer/:orderId', async (request, reply) => {
    const order = await book.byOrderId(request.params.orderId);
    if (order === null) return unknownOrder(reply);
    const page = payerPage(await refresh(order), payerTexts(request.headers['accept-language']));
    return reply.headers(PAYER_PAGE_HEADERS).send(page);
  });
  for (const act of ['pay', 'decline', 'expire'] as const) {
    server.post<{ Params: { orderId: string } }>(`/payer/:orderId/${act}`, async (request, reply) => {
      const order = await book.byOrderId(request.params.orderId);
      if (order === null) return unknownOrder(reply);
      const isAsked = act === 'pay' && order.threeDSecure === true && isBrowser(request);
      const after = isAsked ? await ask(order) : await settle(order, act);
      // A browser gets the page, which tells what became of the order.
      if (isBrowser(request)) return toPage(reply, order);
      const outcome = after.settlement?.outcome;
      return outcome === ACTS[act]
        ? reply.code(204).send()
        : problem(reply, 409, 'already_settled', `The order is already ${outcome}.`);
    });
  }
  server.post<{ Params: { orderId: string } }>('/payer/:orderId/code', async (request, reply) => {
    const order = await book.byOrderId(request.params.orderId);
    if (order === null) return unknownOrder(reply);
    const { wrongCodes } = await refresh(order);
    if (wrongCodes === null) return problem(reply, 409, 'no_code_asked', 'Nobody asked for a code.');
    if (formOf(request)['code'] === RIGHT_CODE) await settle(order, 'pay');
    else {
      await book.askForCode(order.orderId, wrongCodes + 1);
      if (wrongCodes + 1 >= MOST_WRONG_CODES) await settle(order, 'decline');
    }
    return toPage(reply, order);
  });

  /** The card's bank asks for a code, unless it did before. */
  async function ask(order: Order): Promise<Order> {
    const fresh = await refresh(order);
    const isOpen = fresh.settlement === null && clock.now() < fresh.expiresAtMs;
    return isOpen && fresh.wrongCodes === null ? book.askForCode(order.orderId, 0) : fresh;
  }
}

const toPage = (reply: FastifyReply, { orderId }: Order): FastifyReply => reply.redirect(`/payer/${orderId}`, 303);

const unknownOrder = (reply: FastifyReply): FastifyReply => problem(reply, 404, 'not_found', 'There is no such order.');

/** The payer decides; what the order's faults make of it. */
function createSettle({ book, faults, clock, refresh, settled }: PayerOptions) {
  return async (order: Order, act: Act): Promise<Order> => {
    const before = await refresh(order);
    const isPaying = act === 'pay' && before.settlement?.outcome !== 'paid';
    const possible = before.settlement === null ? 'other_amount' : 'after_end';
    const fault = isPaying ? faults.take(order.paymentId, 'payment', possible) : null;
    const mine = { ...settlementOf(ACTS[act], clock.now()), ...(fault === 'other_amount' && otherAmount(order)) };
    const after =
      fault === 'after_end' ? await book.settleAfterEnd(order.orderId, mine) : await book.settle(order.orderId, mine);
    if (after.settlement?.eventId === mine.eventId) settled(after);
    return after;
  };
}

/** Half of what was asked for. */
const otherAmount = ({ amountTyiyn }: Order): Pick<Settlement, 'chargedTyiyn'> => ({
  chargedTyiyn: ((BigInt(amountTyiyn) + 1n) / 2n).toString(),
});
