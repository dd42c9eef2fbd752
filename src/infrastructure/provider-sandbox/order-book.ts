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
  /** Whether the payer's page asks for a code of the card's bank. */
  threeDSecure: Type.Optional(Type.Boolean()),
});
const SettlementFields = Type.Object({
  outcome: Type.Union([Type.Literal('paid'), Type.Literal('declined'), Type.Literal('expired')]),
  eventId: Type.String(),
  transactionId: Type.String(),
  atMs: Type.Integer(),
  /** What the payer paid, where that is not the amount of the order. */
  chargedTyiyn: Type.Optional(Type.String({ pattern: '^[1-9][0-9]*$' })),
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
  Type.Object({ type: Type.Literal('code_asked'), orderId: Type.String(), wrongCodes: Type.Integer() }),
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
  /** How many wrong codes the card's bank was told; null while it has not asked for one. */
  readonly wrongCodes: number | null;
};

/** What an order brought and gave back, in tyiyn. */
export type OrderTotals = Pick<Order, 'orderId' | 'paymentId' | 'accountId' | 'amountTyiyn'> & {
  /** `open`: the payer has not decided. */
  readonly outcome: Settlement['outcome'] | 'open';
  /** The provider's name of the charge; null while there is none. */
  readonly transactionId: string | null;
  readonly chargedTyiyn: string;
  readonly refundedTyiyn: string;
  /** Whether the merchant has acknowledged what became of it, or need not be told. */
  readonly isTold: boolean;
};

/** What the payer paid, or would pay. */
export const chargedTyiyn = ({ amountTyiyn, settlement }: Order): bigint =>
  BigInt(settlement?.chargedTyiyn ?? amountTyiyn);

export const refundedTyiyn = ({ refunds }: Order): bigint =>
  refunds.reduce((sum, refund) => sum + BigInt(refund.amountTyiyn), 0n);

/** Every order of the sandbox. Nothing is answered before it is on the disk. */
export type OrderBook = {
  /** Adds an order, or answers the one that has its payment id already. */
  create(order: OrderFields): Promise<Order>;
  /** Settles an order unless it is settled, and answers it as it then is. */
  settle(orderId: string, settlement: Settlement): Promise<Order>;
  /** The same for a payment that comes although the order was declined or has expired. */
  settleAfterEnd(orderId: string, settlement: Settlement): Promise<Order>;
  /** The card's bank asks for a code, and counts the wrong ones. */
  askForCode(orderId: string, wrongCodes: number): Promise<Order>;
  /** Gives money of a paid order back, once a key; false when there is not enough of it, or the key paid another sum. */
  refund(orderId: string, refund: Refund): Promise<boolean>;
  /** The message of this event was acknowledged; one of a settlement that is past counts for nothing. */
  markDelivered(orderId: string, eventId: string): Promise<void>;
  byOrderId(orderId: string): Promise<Order | null>;
  byPaymentId(paymentId: string): Promise<Order | null>;
  /** The merchant's key of an order. */
  paymentIdOf(orderId: string): string | null;
  /** Settled orders whose webhook was not acknowledged. */
  undelivered(): readonly Order[];
  /** All orders, in the order in which they came. */
  totals(): readonly OrderTotals[];
};

const NOTHING_YET = { settlement: null, delivered: false, refunds: [], wrongCodes: null } as const;

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
    case 'code_asked':
      return { ...order, wrongCodes: line.wrongCodes };
  }
}

/** Whether an order can give back one more sum. */
function canRefund(order: Order, refund: Refund): boolean {
  const sumTyiyn = refundedTyiyn(order) + BigInt(refund.amountTyiyn);
  return order.settlement?.outcome === 'paid' && sumTyiyn <= chargedTyiyn(order);
}

const totalsOf = (order: Order): OrderTotals => {
  const { orderId, paymentId, accountId, amountTyiyn, settlement, delivered } = order;
  const isPaid = settlement?.outcome === 'paid';
  return {
    orderId,
    paymentId,
    accountId,
    amountTyiyn,
    outcome: settlement?.outcome ?? 'open',
    transactionId: isPaid ? settlement.transactionId : null,
    chargedTyiyn: (isPaid ? chargedTyiyn(order) : 0n).toString(),
    refundedTyiyn: refundedTyiyn(order).toString(),
    isTold: settlement === null || delivered,
  };
};

/** Writes lines, and lets whoever reads an order wait until all that was written of it is on the disk. */
function createWriting(journal: Journal) {
  const durable = new Map<string, Promise<void>>();
  return {
    write(orderId: string, line: object): Promise<void> {
      const written = journal.append(line);
      durable.set(orderId, written);
      written.then(
        () => durable.get(orderId) === written && durable.delete(orderId),
        () => undefined,
      );
      return written;
    },
    async done(orderId: string): Promise<void> {
      for (let written = durable.get(orderId); written !== undefined; written = durable.get(orderId)) await written;
    },
  };
}

/** @throws BrokenInvariant on a journal line of unknown shape or one about an unknown order. */
export function createOrderBook(journal: Journal, lines: readonly unknown[]): OrderBook {
  const orders = new Map<string, Order>();
  const orderIds = new Map<string, string>();
  const writing = createWriting(journal);

  function apply(line: unknown): string {
    assert(JournalLine.Check(line), `unknown journal line ${JSON.stringify(line)}`);
    if (line.type === 'created') {
      orders.set(line.order.orderId, { ...line.order, ...NOTHING_YET });
      orderIds.set(line.order.paymentId, line.order.orderId);
      return line.order.orderId;
    }
    orders.set(line.orderId, change(known(line.orderId), line));
    return line.orderId;
  }
  function known(orderId: string): Order {
    const order = orders.get(orderId);
    assert(order, `no order ${orderId}`);
    return order;
  }
  /** Memory first, so that two requests cannot both win; the answer waits for the disk, also that of later readers. */
  const record = (line: object): Promise<void> => writing.write(apply(line), line);
  async function readKnown(orderId: string): Promise<Order> {
    await writing.done(orderId);
    return known(orderId);
  }
  const read = async (orderId = ''): Promise<Order | null> => (orders.has(orderId) ? readKnown(orderId) : null);
  function recordIf(isDue: boolean, line: Change): Promise<Order> {
    if (isDue) void record(line);
    return readKnown(line.orderId);
  }

  for (const line of lines) apply(line);
  return {
    create(order) {
      const before = orderIds.get(order.paymentId);
      if (before === undefined) void record({ type: 'created', order });
      return readKnown(before ?? order.orderId);
    },
    settle: (orderId, settlement) =>
      recordIf(known(orderId).settlement === null, { type: 'settled', orderId, settlement }),
    settleAfterEnd: (orderId, settlement) =>
      recordIf(known(orderId).settlement?.outcome !== 'paid', { type: 'settled', orderId, settlement }),
    askForCode: (orderId, wrongCodes) =>
      recordIf(known(orderId).settlement === null, { type: 'code_asked', orderId, wrongCodes }),
    async refund(orderId, refund) {
      const order = known(orderId);
      const before = order.refunds.find(({ refundKey }) => refundKey === refund.refundKey);
      if (before === undefined && !canRefund(order, refund)) return false;
      await recordIf(before === undefined, { type: 'refunded', orderId, refund });
      return before === undefined || before.amountTyiyn === refund.amountTyiyn;
    },
    async markDelivered(orderId, eventId) {
      if (known(orderId).settlement?.eventId === eventId) await record({ type: 'delivered', orderId });
    },
    byOrderId: read,
    byPaymentId: (paymentId) => read(orderIds.get(paymentId)),
    paymentIdOf: (orderId) => orders.get(orderId)?.paymentId ?? null,
    undelivered: () => [...orders.values()].filter((order) => order.settlement !== null && !order.delivered),
    totals: () => [...orders.values()].map(totalsOf),
  };
}
