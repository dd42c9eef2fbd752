import { formatSom } from '../../../src/kernel/money.ts';
import type { OrderTotals } from '../../../src/infrastructure/provider-sandbox/order-book.ts';
import { differences, endingsOf, openOf, receivedTyiyn, type Purchase } from './books.ts';

export type Verdict = {
  readonly lines: readonly string[];
  readonly isGood: boolean;
  /** Purchases whose end is not to be seen yet. */
  readonly open: number;
};

export type Books = {
  readonly purchases: readonly Purchase[];
  /** All that the provider has. */
  readonly orders: readonly OrderTotals[];
  /** What the whole ledger sums to. */
  readonly ledgerTyiyn: bigint;
};

/** What became of all purchases, in a table. Good: none is open, none is astray, and the ledger sums to zero. */
export function verdictOn(
  { purchases, orders, ledgerTyiyn }: Books,
  /** How many purchases there must be. */
  wanted: number,
): Verdict {
  const ended = (ending: string): number =>
    purchases.filter((purchase) => endingsOf(purchase).join('+') === ending).length;
  const open = purchases.filter((purchase) => openOf(purchase) > 0).length;
  const [honoured, refunded, failed] = [ended('honoured'), ended('refunded'), ended('failed')];
  const paid = purchases.filter((purchase) => receivedTyiyn(purchase) > 0n).length;
  const astray = purchases.filter((purchase) => openOf(purchase) === 0 && endingsOf(purchase).length !== 1);
  const known = new Set(purchases.flatMap((purchase) => purchase.orders.map(({ orderId }) => orderId)));
  const strays = orders.filter(({ orderId, chargedTyiyn }) => BigInt(chargedTyiyn) > 0n && !known.has(orderId));
  const table = [
    ['purchases', purchases.length],
    ['paid', paid],
    ['honoured', honoured],
    ['refunded', refunded],
    ['failed', failed],
    ['unknown', open],
    ['astray', astray.length + strays.length],
    ['ledger sum', formatSigned(ledgerTyiyn)],
  ] as const;
  const isGood =
    purchases.length === wanted &&
    honoured + refunded === paid &&
    paid + failed === purchases.length &&
    open === 0 &&
    astray.length + strays.length === 0 &&
    ledgerTyiyn === 0n;
  return {
    lines: [
      ...table.map(([what, count]) => `${what.padEnd(12)}${String(count).padStart(8)}`),
      ...astray.flatMap(tell),
      ...strays.map(tellOrder),
    ],
    isGood,
    open: open + astray.length + strays.length,
  };
}

const tellOrder = ({ orderId, chargedTyiyn }: OrderTotals): string =>
  `the provider took ${chargedTyiyn} tyiyn by order ${orderId}, which none of our payments is for`;

const formatSigned = (tyiyn: bigint): string => (tyiyn < 0n ? `-${formatSom(-tyiyn)}` : formatSom(tyiyn));

function tell(purchase: Purchase): readonly string[] {
  const { ticketId, ticketStatus, payments, refunds } = purchase;
  const money = payments.map(({ method, status }) => `${method} ${status}`).join(', ');
  return [
    `ticket ${ticketId} is ${ticketStatus}; ${money}; ${refunds.length} refunds; endings: ${endingsOf(purchase).join(', ')}`,
    ...differences(purchase),
  ];
}
