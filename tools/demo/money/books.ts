import type { OrderTotals } from '../../../src/infrastructure/provider-sandbox/order-book.ts';
import type { Database } from '../../../src/infrastructure/postgres/database.ts';
import { statement } from '../../../src/infrastructure/postgres/session.ts';

/** How a purchase ends: the guest may come, or has the money back, or never gave any. */
export type Ending = 'honoured' | 'refunded' | 'failed';

type Payment = {
  readonly id: string;
  readonly method: string;
  readonly status: string;
  /** Our key at the provider. */
  readonly providerKey: string;
  readonly amountTyiyn: bigint;
  /** What came besides the amount. */
  readonly misfitTyiyn: bigint;
  /** What the ledger says is at the provider. */
  readonly atProviderTyiyn: bigint;
};
type Refund = { readonly status: string; readonly amountTyiyn: bigint };

/** What both sides say of a purchase. */
export type Purchase = {
  readonly ticketId: string;
  readonly ticketStatus: string;
  readonly priceTyiyn: bigint;
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
  /** The provider's orders for it. */
  readonly orders: readonly OrderTotals[];
};

const TICKETS = statement(
  'money.tickets',
  `select id as "ticketId", status as "ticketStatus", (price * 100)::bigint::text as price from booking.tickets
   where $1::uuid is null or id = $1 order by id`,
);
const PAYMENTS = statement(
  'money.payments',
  `select id, ticket_id as "ticketId", method, status, provider_key as "providerKey", (amount * 100)::bigint::text as amount,
     (misfit * 100)::bigint::text as misfit,
     (select coalesce(sum(e.amount_tyiyn), 0)::text from ledger.entries e
      where e.payment_id = p.id and e.account = 'clearing:' || p.method) as "atProvider"
   from payment.payments p where $1::uuid is null or ticket_id = $1 order by created_at, id`,
);
const REFUNDS = statement(
  'money.refunds',
  `select p.ticket_id as "ticketId", r.status, (r.amount * 100)::bigint::text as amount
   from payment.refunds r join payment.payments p on p.id = r.payment_id
   where $1::uuid is null or p.ticket_id = $1 order by r.requested_at, r.id`,
);
const LEDGER = statement('money.ledger', 'select coalesce(sum(amount_tyiyn), 0)::text as sum from ledger.entries');

type TicketRow = Pick<Purchase, 'ticketId' | 'ticketStatus'> & { readonly price: string };
type PaymentRow = Pick<Payment, 'id' | 'method' | 'status' | 'providerKey'> & {
  readonly ticketId: string;
  readonly amount: string;
  readonly misfit: string;
  readonly atProvider: string;
};
type RefundRow = { readonly ticketId: string; readonly status: string; readonly amount: string };

/** Every purchase, or that of one ticket, as we have it, with what the provider has of it. */
export async function readPurchases(
  database: Database,
  orders: readonly OrderTotals[],
  ticketId: string | null = null,
): Promise<readonly Purchase[]> {
  const ask = <Row extends object>(question: typeof TICKETS) => database.rows<Row>(question, [ticketId]);
  const tickets = await ask<TicketRow>(TICKETS);
  const payments = groupBy(await ask<PaymentRow>(PAYMENTS), (row) => row.ticketId);
  const refunds = groupBy(await ask<RefundRow>(REFUNDS), (row) => row.ticketId);
  const ordersByKey = groupBy(orders, (order) => order.paymentId);
  return tickets.map(({ price, ...ticket }) => {
    const mine = payments.get(ticket.ticketId) ?? [];
    return {
      ...ticket,
      priceTyiyn: BigInt(price),
      payments: mine.map(({ amount, misfit, atProvider, ticketId: _known, ...payment }) => ({
        ...payment,
        amountTyiyn: BigInt(amount),
        misfitTyiyn: BigInt(misfit),
        atProviderTyiyn: BigInt(atProvider),
      })),
      refunds: (refunds.get(ticket.ticketId) ?? []).map(({ status, amount }) => ({
        status,
        amountTyiyn: BigInt(amount),
      })),
      orders: mine.flatMap(({ providerKey }) => ordersByKey.get(providerKey) ?? []),
    };
  });
}

/** What the whole ledger sums to, in tyiyn. */
export async function ledgerSum(database: Database): Promise<bigint> {
  const [row] = await database.rows<{ sum: string }>(LEDGER, []);
  return BigInt(row?.sum ?? 0);
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);
const isOnline = ({ method }: Payment): boolean => method === 'elqr' || method === 'elcard';
const receivedOf = ({ status, amountTyiyn, misfitTyiyn }: Payment): bigint =>
  misfitTyiyn + (status === 'succeeded' ? amountTyiyn : 0n);

/** All that came for a purchase, by our books. */
export const receivedTyiyn = ({ payments }: Purchase): bigint => sum(payments.map(receivedOf));

/** Payments and refunds whose outcome is still open. */
export const openOf = ({ payments, refunds }: Purchase): number =>
  payments.filter(({ status }) => status !== 'succeeded' && status !== 'failed').length +
  refunds.filter(({ status }) => status !== 'succeeded').length;

/** Where the provider and our books differ about a purchase, in words. */
export function differences({ payments, orders }: Purchase): readonly string[] {
  return payments.filter(isOnline).flatMap((payment) => {
    const { id, providerKey, atProviderTyiyn } = payment;
    const order = orders.find(({ paymentId }) => paymentId === providerKey);
    const chargedTyiyn = BigInt(order?.chargedTyiyn ?? 0);
    const leftTyiyn = chargedTyiyn - BigInt(order?.refundedTyiyn ?? 0);
    const faults = [
      [chargedTyiyn === receivedOf(payment), `took ${chargedTyiyn}, by our payment ${receivedOf(payment)}`],
      [leftTyiyn === atProviderTyiyn, `has ${leftTyiyn}, by our ledger ${atProviderTyiyn}`],
    ] as const;
    return faults.filter(([holds]) => !holds).map(([, what]) => `payment ${id}: the provider ${what} (tyiyn)`);
  });
}

/** Every ending that a purchase has: there must be exactly one. None while something is open or the sides differ. */
export function endingsOf(purchase: Purchase): readonly Ending[] {
  if (openOf(purchase) > 0 || differences(purchase).length > 0) return [];
  const isValid = purchase.ticketStatus === 'active' || purchase.ticketStatus === 'used';
  const inTyiyn = receivedTyiyn(purchase);
  const backTyiyn = sum(purchase.refunds.map(({ amountTyiyn }) => amountTyiyn));
  const endings: Ending[] = [];
  if (isValid && inTyiyn - backTyiyn === purchase.priceTyiyn) endings.push('honoured');
  if (!isValid && inTyiyn > 0n && backTyiyn === inTyiyn) endings.push('refunded');
  if (!isValid && inTyiyn === 0n && backTyiyn === 0n) endings.push('failed');
  return endings;
}
