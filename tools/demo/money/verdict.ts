import { formatSom } from '../../../src/kernel/money.ts';
import { differences, endingsOf, openOf, receivedTyiyn, type Purchase } from './books.ts';

export type Verdict = {
  readonly lines: readonly string[];
  readonly isGood: boolean;
  /** Purchases whose end is not to be seen yet. */
  readonly open: number;
};

/** What became of all purchases, in a table. Good: none is open, none is astray, and the ledger sums to zero. */
export function verdictOn(purchases: readonly Purchase[], wanted: number, ledgerTyiyn: bigint): Verdict {
  const ended = (ending: string): number =>
    purchases.filter((purchase) => endingsOf(purchase).join('+') === ending).length;
  const open = purchases.filter((purchase) => openOf(purchase) > 0).length;
  const [honoured, refunded, failed] = [ended('honoured'), ended('refunded'), ended('failed')];
  const paid = purchases.filter((purchase) => receivedTyiyn(purchase) > 0n).length;
  const astray = purchases.filter((purchase) => openOf(purchase) === 0 && endingsOf(purchase).length !== 1);
  const table = [
    ['purchases', purchases.length],
    ['paid', paid],
    ['honoured', honoured],
    ['refunded', refunded],
    ['failed', failed],
    ['unknown', open],
    ['astray', astray.length],
    ['ledger sum', formatSigned(ledgerTyiyn)],
  ] as const;
  const isGood =
    purchases.length === wanted &&
    honoured + refunded === paid &&
    paid + failed === purchases.length &&
    open === 0 &&
    astray.length === 0 &&
    ledgerTyiyn === 0n;
  return {
    lines: [...table.map(([what, count]) => `${what.padEnd(12)}${String(count).padStart(8)}`), ...astray.flatMap(tell)],
    isGood,
    open: open + astray.length,
  };
}

const formatSigned = (tyiyn: bigint): string => (tyiyn < 0n ? `-${formatSom(-tyiyn)}` : formatSom(tyiyn));

function tell(purchase: Purchase): readonly string[] {
  const { ticketId, ticketStatus, payments, refunds } = purchase;
  const money = payments.map(({ method, status }) => `${method} ${status}`).join(', ');
  return [
    `ticket ${ticketId} is ${ticketStatus}; ${money}; ${refunds.length} refunds; endings: ${endingsOf(purchase).join(', ')}`,
    ...differences(purchase),
  ];
}
