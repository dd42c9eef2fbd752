import { formatSom } from '../../kernel/money.ts';
import type { PaymentSucceeded, RefundSucceeded } from '../../modules/payment/contract.ts';
import type { PaymentIntended } from '../../modules/payment/domain/payment-messages.ts';
import type { ShiftEvent } from '../../modules/payment/domain/shift.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

type EventOf<Type extends ShiftEvent['type']> = Extract<ShiftEvent, { readonly type: Type }>;
type Shift = { cashTyiyn: bigint; floatTyiyn: bigint; takenTyiyn: bigint; paidOutTyiyn: bigint; isClosed: boolean };
/** Money of one payment or refund, as one side has it. */
type Sums = Map<string, bigint>;

const sumOf = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((sum, amount) => sum + amount, 0n);

/** Everything the log says about cash: in shifts, and in payments and refunds. */
class Tills {
  readonly shifts = new Map<string, Shift>();
  readonly faults: string[] = [];
  /** By payment: what shifts took, and what payments in cash say came. */
  readonly taken: Sums = new Map();
  readonly paid: Sums = new Map();
  /** By refund: what shifts paid out, and what refunds of such payments say is out. */
  readonly paidOut: Sums = new Map();
  readonly refunded: Sums = new Map();
  /** Payments in cash. */
  readonly #inCash = new Set<string>();

  see(event: Parameters<Audit['see']>[0]): void {
    if (isOf<PaymentIntended>(event, 'PaymentIntended')) {
      if (event.data.method === 'cash') this.#inCash.add(event.data.paymentId);
    } else if (isOf<PaymentSucceeded>(event, 'PaymentSucceeded')) {
      const { paymentId, amountTyiyn } = event.data;
      if (this.#inCash.has(paymentId)) this.paid.set(paymentId, amountTyiyn);
    } else if (isOf<RefundSucceeded>(event, 'RefundSucceeded')) {
      const { paymentId, refundId, amountTyiyn } = event.data;
      if (this.#inCash.has(paymentId)) this.refunded.set(refundId, amountTyiyn);
    } else if (isOf<EventOf<'ShiftOpened'>>(event, 'ShiftOpened')) {
      const { shiftId, floatTyiyn } = event.data;
      const nothing = { takenTyiyn: 0n, paidOutTyiyn: 0n, isClosed: false };
      this.shifts.set(shiftId, { cashTyiyn: floatTyiyn, floatTyiyn, ...nothing });
    } else if (isOf<EventOf<'CashTaken'>>(event, 'CashTaken')) {
      const { shiftId, paymentId, amountTyiyn } = event.data;
      this.#move(shiftId, amountTyiyn, { id: paymentId, sums: this.taken });
    } else if (isOf<EventOf<'CashPaidOut'>>(event, 'CashPaidOut')) {
      const { shiftId, refundId, amountTyiyn } = event.data;
      this.#move(shiftId, -amountTyiyn, { id: refundId, sums: this.paidOut });
    } else if (isOf<EventOf<'ShiftClosed'>>(event, 'ShiftClosed')) this.#close(event.data);
  }

  #move(shiftId: string, byTyiyn: bigint, { id, sums }: { readonly id: string; readonly sums: Sums }): void {
    const amountTyiyn = byTyiyn < 0n ? -byTyiyn : byTyiyn;
    if (sums.has(id)) this.faults.push(`the cash of ${id} moved twice`);
    sums.set(id, (sums.get(id) ?? 0n) + amountTyiyn);
    const shift = this.shifts.get(shiftId);
    if (shift === undefined || shift.isClosed) {
      this.faults.push(`cash of ${id} moved in shift ${shiftId}, which was not open`);
      return;
    }
    shift[byTyiyn < 0n ? 'paidOutTyiyn' : 'takenTyiyn'] += amountTyiyn;
    shift.cashTyiyn += byTyiyn;
    if (shift.cashTyiyn < 0n) this.faults.push(`shift ${shiftId} paid out more than it had`);
  }

  #close({ shiftId, expectedTyiyn, countedTyiyn, differenceTyiyn }: EventOf<'ShiftClosed'>['data']): void {
    const shift = this.shifts.get(shiftId);
    if (shift === undefined || shift.isClosed) {
      this.faults.push(`shift ${shiftId} was closed without being open`);
      return;
    }
    shift.isClosed = true;
    const dueTyiyn = shift.floatTyiyn + shift.takenTyiyn - shift.paidOutTyiyn;
    if (expectedTyiyn !== dueTyiyn) {
      this.faults.push(`shift ${shiftId} expected ${formatSom(expectedTyiyn)} instead of ${formatSom(dueTyiyn)}`);
    }
    if (differenceTyiyn !== countedTyiyn - expectedTyiyn) {
      this.faults.push(`shift ${shiftId} does not differ by what was counted`);
    }
  }
}

/** Where two sides do not say the same of the same money. */
const differences = (what: string, tills: Sums, books: Sums): readonly string[] =>
  [...new Set([...tills.keys(), ...books.keys()])].flatMap((id) => {
    const [inTill, inBooks] = [tills.get(id) ?? 0n, books.get(id) ?? 0n];
    return inTill === inBooks
      ? []
      : [`${what} ${id} is ${formatSom(inBooks)} in cash, and ${formatSom(inTill)} in a till`];
  });

/**
 * Rule 6 for cash: every payment in cash is in one till, every refund of one came out of one, and a till has its float, what it
 * took and not what it paid out.
 */
export function createShiftAudit(): Audit {
  const tills = new Tills();
  return {
    see: (event) => tills.see(event),
    async findings() {
      const { shifts, taken, paid, paidOut, refunded } = tills;
      const all = [...shifts.values()];
      const sums = {
        float: sumOf(all.map(({ floatTyiyn }) => floatTyiyn)),
        taken: sumOf(all.map(({ takenTyiyn }) => takenTyiyn)),
        out: sumOf(all.map(({ paidOutTyiyn }) => paidOutTyiyn)),
        cash: sumOf(all.map(({ cashTyiyn }) => cashTyiyn)),
      };
      const text =
        `cash of ${count(shifts.size, 'shift')}: ${formatSom(sums.cash)} = ${formatSom(sums.float)} float + ` +
        `${formatSom(sums.taken)} taken − ${formatSom(sums.out)} paid out`;
      const faults = [
        ...tills.faults,
        ...differences('payment', taken, paid),
        ...differences('refund', paidOut, refunded),
      ];
      return [findingOf('rule 6', text, faults)];
    },
  };
}
