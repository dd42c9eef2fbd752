import type { Recorded } from '../../kernel/event-codec.ts';
import { formatSom } from '../../kernel/money.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { ReceiptOutcome } from '../../modules/fiscal/application/ports.ts';
import type { FiscalReceiptIssued } from '../../modules/fiscal/contract.ts';
import type {
  PaymentMismatched,
  PaymentSucceeded,
  RefundRequested,
  RefundSucceeded,
} from '../../modules/payment/contract.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

/** What is wanted, with where the receipts begin and how far the flow that wants them has come on every row. */
const RECEIPTS = statement(
  'check.fiscal-receipts',
  `select p.start, p.handled, r.id, r.payment_id as "paymentId", r.refund_id as "refundId", r.total_tyiyn::text as total, r.outcome,
     r.next_try_at is not null as "isTried"
   from (
     select (select position from fiscal.start) as start,
       coalesce((select position from store.subscription where name = 'flow.fiscal-receipts'), 0) as handled
   ) p left join fiscal.receipt r on true`,
);

type Row = {
  readonly start: number;
  readonly handled: number;
  readonly id: string | null;
  readonly paymentId: string;
  readonly refundId: string | null;
  readonly total: string;
  readonly outcome: ReceiptOutcome | null;
  /** Whether it will be asked for again. */
  readonly isTried: boolean;
};
type Receipt = Row & { readonly id: string };

/** Money that came, or is out again, by the log. */
type Moved = {
  readonly name: string;
  readonly paymentId: string;
  readonly refundId: string | null;
  readonly amountTyiyn: bigint;
  readonly position: number;
  /** It came besides the price: it was never sold for. */
  readonly isMisfit: boolean;
};

const WORDS = { issued: 'issued', no_register: 'without a register', none_required: 'not required' } as const;

const isReceipt = (row: Row): row is Receipt => row.id !== null;
const causeOf = ({ paymentId, refundId }: Pick<Moved, 'paymentId' | 'refundId'>): string => refundId ?? paymentId;

/** What is wrong with the one receipt of money that moved. */
function faultOf(receipt: Receipt, { amountTyiyn, refundId, isMisfit }: Moved, leftTyiyn: bigint): string | null {
  const { outcome, isTried } = receipt;
  const totalTyiyn = BigInt(receipt.total);
  if (outcome === null && !isTried) return 'is owed, and nobody asks for it';
  if (outcome !== null && isTried) return `is ${WORDS[outcome]} and asked for all the same`;
  if (refundId === null && outcome === 'none_required') return 'is said not to be required';
  if (totalTyiyn === amountTyiyn && !isMisfit) return null;
  // Less is given back by a receipt than by the provider only where nothing is left of the sale, or nothing was sold.
  const isAllThatIsLeft = refundId !== null && totalTyiyn < amountTyiyn && (isMisfit || leftTyiyn === 0n);
  if (isAllThatIsLeft && (totalTyiyn === 0n ? outcome === 'none_required' : !isMisfit)) return null;
  return `is about ${formatSom(totalTyiyn)} of ${formatSom(amountTyiyn)}`;
}

/** What the log tells of receipts and of what they are owed for. */
class Facts {
  /** By payment, or by refund. */
  readonly moved = new Map<string, Moved>();
  /** By receipt: the sum. */
  readonly issued = new Map<string, bigint>();
  readonly #misfits = new Set<string>();
  readonly #misfitRefunds = new Set<string>();

  see(event: Recorded): void {
    const { position, id, causationId } = event.meta;
    if (isOf<PaymentSucceeded>(event, 'PaymentSucceeded')) {
      const { paymentId, amountTyiyn } = event.data;
      const about = { paymentId, refundId: null, amountTyiyn, position, isMisfit: false };
      this.moved.set(paymentId, { name: `payment ${paymentId}`, ...about });
    } else if (isOf<PaymentMismatched>(event, 'PaymentMismatched')) {
      if (event.data.why !== 'told_differently') this.#misfits.add(id);
    } else if (isOf<RefundRequested>(event, 'RefundRequested')) {
      if (this.#misfits.has(causationId ?? '')) this.#misfitRefunds.add(event.data.refundId);
    } else if (isOf<RefundSucceeded>(event, 'RefundSucceeded')) {
      const { paymentId, refundId, amountTyiyn } = event.data;
      const about = { paymentId, refundId, amountTyiyn, position, isMisfit: this.#misfitRefunds.has(refundId) };
      this.moved.set(refundId, { name: `refund ${refundId}`, ...about });
    } else if (isOf<FiscalReceiptIssued>(event, 'FiscalReceiptIssued')) {
      this.issued.set(event.data.receiptId, event.data.totalTyiyn);
    }
  }
}

/** What of the sale of each payment no return has taken back yet. Below zero: more was taken back than sold. */
function leftOfSales(receipts: Iterable<Receipt>): ReadonlyMap<string, bigint> {
  const left = new Map<string, bigint>();
  for (const { paymentId, refundId, total } of receipts) {
    const signed = refundId === null ? BigInt(total) : -BigInt(total);
    left.set(paymentId, (left.get(paymentId) ?? 0n) + signed);
  }
  return left;
}

/** What the log and the queue say of one receipt. The log is told first. */
function issueFault({ id, outcome, total }: Receipt, issuedTyiyn: bigint | undefined): string | null {
  if (issuedTyiyn === undefined) return outcome === 'issued' ? 'is issued, and the log knows of none' : null;
  if (outcome !== null && outcome !== 'issued') return `is ${WORDS[outcome]}, and the log has it issued`;
  return issuedTyiyn === BigInt(total)
    ? null
    : `was issued for ${formatSom(issuedTyiyn)} and wanted for another sum: ${id}`;
}

function faultsOf({ moved, issued }: Facts, receipts: ReadonlyMap<string, Receipt>, start: number, handled: number) {
  const left = leftOfSales(receipts.values());
  const faults: string[] = [];
  for (const [cause, money] of moved) {
    const receipt = receipts.get(cause);
    const isOwed = money.position > start && money.position <= handled;
    if (receipt === undefined) {
      if (isOwed) faults.push(`${money.name} has no receipt, and no word why`);
      continue;
    }
    if (money.position <= start) faults.push(`${money.name} is from before there were receipts, and has one`);
    const fault =
      faultOf(receipt, money, left.get(money.paymentId) ?? 0n) ?? issueFault(receipt, issued.get(receipt.id));
    if (fault !== null) faults.push(`the receipt of ${money.name} ${fault}`);
  }
  for (const [cause, { id }] of receipts) if (!moved.has(cause)) faults.push(`receipt ${id} is of no money`);
  for (const [paymentId, tyiyn] of left) {
    if (tyiyn < 0n) faults.push(`receipts took back ${formatSom(-tyiyn)} more of payment ${paymentId} than they sold`);
  }
  const known = new Set([...receipts.values()].map(({ id }) => id));
  for (const id of issued.keys()) if (!known.has(id)) faults.push(`receipt ${id} was issued, and nobody wanted it`);
  return faults;
}

/**
 * Money that came and money that is out again, since there are receipts, has one receipt each, about that very sum, issued or
 * asked for, or a word why there is none. What the flow has not come to is not owed yet; what waits in the queue is owed and on record.
 */
export function createReceiptAudit(): Audit {
  const facts = new Facts();
  return {
    see: (event) => facts.see(event),
    async findings(session) {
      const rows = await session.rows<Row>(RECEIPTS);
      const { start = 0, handled = 0 } = rows[0] ?? {};
      const receipts = new Map(rows.filter(isReceipt).map((receipt) => [causeOf(receipt), receipt]));
      const all = [...receipts.values()];
      const sumOf = (some: readonly Receipt[]) =>
        formatSom(
          some.reduce((sum, { total, refundId }) => sum + (refundId === null ? BigInt(total) : -BigInt(total)), 0n),
        );
      const part = (outcome: ReceiptOutcome | null, words: string): string => {
        const some = all.filter((receipt) => receipt.outcome === outcome);
        return `${some.length} ${words} (${sumOf(some)})`;
      };
      const parts = [part('issued', 'issued'), part(null, 'asked for'), part('no_register', 'without a register')];
      const text =
        `fiscal receipts: ${count(all.length, 'receipt')} of ${sumOf(all)} left with us = ${parts.join(' + ')} + ` +
        part('none_required', 'not required');
      return [findingOf('fiscal', text, faultsOf(facts, receipts, start, handled))];
    },
  };
}
