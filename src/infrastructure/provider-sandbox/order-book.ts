import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { assert } from '../../kernel/assert.ts';
import type { Journal } from './journal.ts';

const OrderFields = Type.Object({
  /** Secret part of the payer page's address. */
  orderId: Type.String(),
  /** The merchant's idempotency key. */
  paymentId: Type.String(),
  amountTyiyn: Type.String({ pattern: '^[1-9][0-9]*$' }),
  accountId: Type.String(),
  displayName: Type.String(),
  description: Type.String(),
  redirectUrl: Type.String(),
  /** Null: nobody wants to be told. */
  webhookUrl: Type.Union([Type.String(), Type.Null()]),
  link: Type.String(),
  createdAtMs: Type.Integer(),
  expiresAtMs: Type.Integer(),
  /** The merchant's whole request, to tell a repeat from another order under the same key. */
  requestBody: Type.String(),
  /** Its message is one of wire profile bakai-v1. */
  isUnsigned: Type.Optional(Type.Boolean()),
});
const SettlementFields = Type.Object({
  outcome: Type.Union([Type.Literal('paid'), Type.Literal('declined'), Type.Literal('expired')]),
  eventId: Type.String(),
  transactionId: Type.String(),
  atMs: Type.Integer(),
});
const RefundFields = Type.Object({
  /** The merchant's idempotency key of the refund. */
  refundKey: Type.String(),
  amountTyiyn: Type.String({ pattern: '^[1-9][0-9]*$' }),
  atMs: Type.Integer(),
});

const JournalLineSchema = Type.Union([
  Type.Object({ type: Type.Literal('created'), order: OrderFields }),
  Type.Object({ type: Type.Literal('settled'), orderId: Type.String(), settlement: SettlementFields }),
  Type.Object({ type: Type.Literal('delivered'), orderId: Type.String() }),
  Type.Object({ type: Type.Literal('refunded'), orderId: Type.String(), refund: RefundFields }),
]);
const JournalLine = Compile(JournalLineSchema);

export type OrderFields = Readonly<Static<typeof OrderFields>>;
export type Settlement = Readonly<Static<typeof SettlementFields>>;
export type Refund = Readonly<Static<typeof RefundFields>>;

export type Order = OrderFields & {
  /** Null while the payer has not decided. */
  readonly settlement: Settlement | null;
  /** Whether the merchant acknowledged the webhook, or none is due. */
  readonly delivered: boolean;
  readonly refunds: readonly Refund[];
};

/** Every order of the sandbox. Nothing is answered before it is on the disk. */
export type OrderBook = {
  /** Adds an order, or answers the one that has its payment id already. */
  create(order: OrderFields): Promise<Order>;
  /** Settles an order unless it is settled, and answers it as it then is. */
  settle(orderId: string, settlement: Settlement): Promise<Order>;
  /** Gives money of a paid order back, once a key; false when there is not enough of it, or the key paid another sum. */
  refund(orderId: string, refund: Refund): Promise<boolean>;
  markDelivered(orderId: string): Promise<void>;
  byOrderId(orderId: string): Promise<Order | null>;
  byPaymentId(paymentId: string): Promise<Order | null>;
  /** Settled orders whose webhook was not acknowledged. */
  undelivered(): readonly Order[];
};

type Change = Exclude<Static<typeof JournalLineSchema>, { readonly type: 'created' }>;

function change(order: Order, line: Change): Order {
  switch (line.type) {
    case 'delivered':
      return { ...order, delivered: true };
    case 'settled': {
      const { settlement } = line;
      return { ...order, settlement, delivered: settlement.outcome === 'expired' || order.webhookUrl === null };
    }
    case 'refunded':
      return { ...order, refunds: [...order.refunds, line.refund] };
  }
}

/** Whether an order can give back one more sum. */
function canRefund({ settlement, amountTyiyn, refunds }: Order, refund: Refund): boolean {
  const sumTyiyn = [...refunds, refund].reduce((sum, one) => sum + BigInt(one.amountTyiyn), 0n);
  return settlement?.outcome === 'paid' && sumTyiyn <= BigInt(amountTyiyn);
}

/** @throws BrokenInvariant on a journal line of unknown shape or one about an unknown order. */
export function createOrderBook(journal: Journal, lines: readonly unknown[]): OrderBook {
  const orders = new Map<string, Order>();
  const orderIds = new Map<string, string>();
  const durable = new Map<string, Promise<void>>();

  function apply(line: unknown): string {
    assert(JournalLine.Check(line), `unknown journal line ${JSON.stringify(line)}`);
    if (line.type === 'created') {
      orders.set(line.order.orderId, { ...line.order, settlement: null, delivered: false, refunds: [] });
      orderIds.set(line.order.paymentId, line.order.orderId);
      return line.order.orderId;
    }
    const order = orders.get(line.orderId);
    assert(order, `no order ${line.orderId}`);
    orders.set(line.orderId, change(order, line));
    return line.orderId;
  }
  /** Memory first, so that two requests cannot both win; the answer waits for the disk, also that of later readers. */
  function record(line: object): Promise<void> {
    const orderId = apply(line);
    const written = journal.append(line);
    durable.set(orderId, written);
    written.then(
      () => durable.get(orderId) === written && durable.delete(orderId),
      () => undefined,
    );
    return written;
  }
  async function read(orderId: string): Promise<Order | null> {
    for (let written = durable.get(orderId); written !== undefined; written = durable.get(orderId)) await written;
    return orders.get(orderId) ?? null;
  }
  async function readKnown(orderId: string): Promise<Order> {
    const order = await read(orderId);
    assert(order, `no order ${orderId}`);
    return order;
  }

  for (const line of lines) apply(line);
  return {
    create(order) {
      const known = orderIds.get(order.paymentId);
      if (known === undefined) void record({ type: 'created', order });
      return readKnown(known ?? order.orderId);
    },
    settle(orderId, settlement) {
      if (orders.get(orderId)?.settlement === null) void record({ type: 'settled', orderId, settlement });
      return readKnown(orderId);
    },
    async refund(orderId, refund) {
      const order = orders.get(orderId);
      assert(order, `no order ${orderId}`);
      const known = order.refunds.find(({ refundKey }) => refundKey === refund.refundKey);
      if (known === undefined && !canRefund(order, refund)) return false;
      if (known === undefined) void record({ type: 'refunded', orderId, refund });
      await readKnown(orderId);
      return known === undefined || known.amountTyiyn === refund.amountTyiyn;
    },
    markDelivered: (orderId) => record({ type: 'delivered', orderId }),
    byOrderId: read,
    byPaymentId: async (paymentId) => read(orderIds.get(paymentId) ?? ''),
    undelivered: () => [...orders.values()].filter((order) => order.settlement !== null && !order.delivered),
  };
}
