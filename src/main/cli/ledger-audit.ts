import type { Recorded } from '../../kernel/event-codec.ts';
import { formatSom } from '../../kernel/money.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { PeopleAdmitted } from '../../modules/admission/contract.ts';
import type { TicketActivated, TicketExpired, TicketMoved } from '../../modules/booking/contract.ts';
import type { TicketHeld } from '../../modules/booking/domain/ticket-messages.ts';
import type { TicketPaymentRefused } from '../../modules/booking/domain/refused-payment.ts';
import type { LedgerAccount } from '../../modules/ledger/contract.ts';
import type { StatementBooked } from '../../modules/ledger/domain/statement.ts';
import type {
  PaymentMismatched,
  PaymentSucceeded,
  RefundFailed,
  RefundRequested,
  RefundSucceeded,
} from '../../modules/payment/contract.ts';
import type { PaymentIntended, PaymentMethod } from '../../modules/payment/domain/payment-messages.ts';
import type { ShiftEvent } from '../../modules/payment/domain/shift.ts';
import { count, findingOf, isOf, type Audit } from './finding.ts';

const UNBALANCED = statement(
  'check.unbalanced-entries',
  'select position from ledger.entries group by position having sum(amount_tyiyn) <> 0 order by position limit 6',
);

const TRANSACTIONS = statement(
  'check.ledger-transactions',
  'select count(distinct position) as transactions, count(*) as entries from ledger.entries',
);

const BALANCES = statement(
  'check.ledger-balances',
  `select account || ' ' || park_id as name, sum(amount_tyiyn)::text as entries,
     (select coalesce(sum(t.debit_tyiyn - t.credit_tyiyn), 0)::text from ledger.totals t
      where t.account = e.account and t.park_id = e.park_id) as totals
   from ledger.entries e group by account, park_id`,
);

/** Money that has met nothing it is for, of payments that the purchase flow has handled and nobody has parked. */
const UNEXPLAINED = statement(
  'check.unexplained-money',
  `select payment_id as "paymentId", account, (-sum(amount_tyiyn))::text as amount from ledger.entries e
   where account in ('received', 'suspense') and payment_id is not null group by payment_id, account
   having sum(amount_tyiyn) <> 0
     and max(position) <= coalesce((select s.position from store.subscription s where s.name = 'flow.purchase'), 0)
     and not exists (select from store.parked_event p where p.aggregate_id = e.payment_id and p.resolved_at is null)`,
);

type ShiftFact<Type extends ShiftEvent['type']> = Extract<ShiftEvent, { readonly type: Type }>;

/** What is known of a payment: how much of its price came and what of it was asked back. */
type Payment = {
  readonly method: PaymentMethod;
  readonly parkId: string | null;
  readonly ticketId: string;
  capturedTyiyn: bigint | null;
  askedBackTyiyn: bigint;
  became: 'received' | 'suspense' | 'ticket';
};

type Ticket = { readonly parkId: string; earnedBy: 'nobody' | 'no_show' | 'visit'; keptTyiyn: bigint };

/** The books as the log implies them: the second opinion of the SQL that keeps them. By account and park. */
export class Books {
  readonly balances = new Map<string, bigint>();
  /** Events that move money, which are the transactions. */
  transactions = 0;
  readonly #payments = new Map<string, Payment>();
  readonly #tickets = new Map<string, Ticket>();
  readonly #shiftParks = new Map<string, string>();
  readonly #misfits = new Set<string>();
  readonly #byHand = new Set<string>();

  see(event: Recorded): void {
    const before = this.#moved;
    this.#see(event);
    if (this.#moved > before) this.transactions += 1;
  }

  #moved = 0;

  #see(event: Recorded): void {
    if (isOf<TicketHeld>(event, 'TicketHeld')) {
      this.#tickets.set(event.data.ticketId, { parkId: event.data.parkId, earnedBy: 'nobody', keptTyiyn: 0n });
    } else if (isOf<TicketActivated>(event, 'TicketActivated')) {
      const { paymentId, paidTyiyn } = event.data;
      if (paymentId !== null) this.#buy(event.data.ticketId, paymentId, paidTyiyn);
    } else if (isOf<TicketMoved>(event, 'TicketMoved')) {
      const { ticketId, difference } = event.data;
      if (difference !== null) this.#buy(ticketId, difference.paymentId, difference.paidTyiyn);
    } else if (isOf<TicketPaymentRefused>(event, 'TicketPaymentRefused')) this.#refuse(event.data.paymentId);
    else if (isOf<TicketExpired>(event, 'TicketExpired')) this.#earn(event.data.ticketId, 'no_show');
    else if (isOf<PeopleAdmitted>(event, 'PeopleAdmitted')) this.#earn(event.data.ticketId, 'visit');
    else this.#seeMoney(event);
  }

  #seeMoney(event: Recorded): void {
    if (isOf<PaymentIntended>(event, 'PaymentIntended')) {
      const { paymentId, ticketId, method, parkId } = event.data;
      const isBought = this.#payments.get(paymentId)?.became === 'ticket';
      const fresh = { capturedTyiyn: null, askedBackTyiyn: 0n, became: isBought ? 'ticket' : 'received' } as const;
      this.#payments.set(paymentId, { method, parkId, ticketId, ...fresh });
    } else if (isOf<PaymentSucceeded>(event, 'PaymentSucceeded')) {
      const payment = this.#payment(event.data.paymentId);
      payment.capturedTyiyn = event.data.amountTyiyn;
      this.#move(`clearing:${payment.method}`, 'received', event.data.amountTyiyn, this.#parkOf(payment));
    } else if (isOf<PaymentMismatched>(event, 'PaymentMismatched')) {
      const { paymentId, amountTyiyn, currency, why } = event.data;
      if (why === 'told_differently') return;
      const payment = this.#payment(paymentId);
      this.#misfits.add(event.meta.id);
      const clearing = `clearing:${currency === 'KGS' ? payment.method : 'foreign'}` as const;
      this.#move(clearing, 'suspense', amountTyiyn, this.#parkOf(payment));
    } else if (isOf<RefundRequested>(event, 'RefundRequested')) this.#askBack(event);
    else if (isOf<RefundFailed>(event, 'RefundFailed')) this.#byHand.add(event.data.refundId);
    else if (isOf<RefundSucceeded>(event, 'RefundSucceeded')) {
      const { paymentId, refundId, amountTyiyn } = event.data;
      const payment = this.#payment(paymentId);
      const clearing = `clearing:${this.#byHand.has(refundId) ? 'by_hand' : payment.method}` as const;
      this.#move('refunds_payable', clearing, amountTyiyn, this.#parkOf(payment));
    } else if (isOf<StatementBooked>(event, 'StatementBooked')) this.#bookStatement(event.data);
    else this.#seeTill(event);
  }

  #seeTill(event: Recorded): void {
    const parkOf = (shiftId: string): string => this.#shiftParks.get(shiftId) ?? '';
    if (isOf<ShiftFact<'ShiftOpened'>>(event, 'ShiftOpened')) {
      const { shiftId, parkId, floatTyiyn } = event.data;
      this.#shiftParks.set(shiftId, parkId);
      this.#move('till', 'safe', floatTyiyn, parkId);
    } else if (isOf<ShiftFact<'CashTaken'>>(event, 'CashTaken')) {
      this.#move('till', 'clearing:cash', event.data.amountTyiyn, parkOf(event.data.shiftId));
    } else if (isOf<ShiftFact<'CashPaidOut'>>(event, 'CashPaidOut')) {
      this.#move('clearing:by_hand', 'till', event.data.amountTyiyn, parkOf(event.data.shiftId));
    } else if (isOf<ShiftFact<'ShiftClosed'>>(event, 'ShiftClosed')) {
      const { shiftId, countedTyiyn, differenceTyiyn } = event.data;
      this.#move('safe', 'till', countedTyiyn, parkOf(shiftId));
      this.#move('till', 'cash_differences', differenceTyiyn, parkOf(shiftId));
    }
  }

  #bookStatement({ method, movements }: StatementBooked['data']): void {
    const clearing = `clearing:${method}` as const;
    for (const { kind, parkId, amountTyiyn } of movements) {
      if (kind === 'fee') this.#move('provider_fees', clearing, amountTyiyn, parkId);
      else if (kind === 'payout') this.#move('bank', clearing, amountTyiyn, parkId);
      else this.#move(clearing, kind === 'unexplained' ? 'suspense' : 'written_off', amountTyiyn, parkId);
    }
  }

  #buy(ticketId: string, paymentId: string, paidTyiyn: bigint): void {
    // At a desk the ticket is told before its payment.
    const method = 'cash';
    const unknown = {
      method,
      parkId: null,
      ticketId,
      capturedTyiyn: null,
      askedBackTyiyn: 0n,
      became: 'ticket',
    } as const;
    const payment = this.#payments.get(paymentId) ?? { ...unknown };
    this.#payments.set(paymentId, { ...payment, became: 'ticket' });
    const ticket = this.#tickets.get(ticketId);
    const boughtTyiyn = paidTyiyn - payment.askedBackTyiyn;
    if (ticket === undefined) return;
    this.#move('received', accountOf(ticket), boughtTyiyn, ticket.parkId);
    if (ticket.earnedBy !== 'visit') ticket.keptTyiyn += boughtTyiyn;
  }

  #refuse(paymentId: string): void {
    const payment = this.#payment(paymentId);
    if (payment.became === 'received') payment.became = 'suspense';
    this.#move('received', 'suspense', (payment.capturedTyiyn ?? 0n) - payment.askedBackTyiyn, this.#parkOf(payment));
  }

  #askBack({ data, meta }: Recorded<RefundRequested>): void {
    const payment = this.#payment(data.paymentId);
    const isOwn = payment.capturedTyiyn !== null && !this.#misfits.has(meta.causationId ?? '');
    const leftTyiyn = (payment.capturedTyiyn ?? 0n) - payment.askedBackTyiyn;
    const ownTyiyn = !isOwn ? 0n : data.amountTyiyn < leftTyiyn ? data.amountTyiyn : leftTyiyn;
    const ticket = this.#tickets.get(payment.ticketId);
    payment.askedBackTyiyn += ownTyiyn;
    const parkId = this.#parkOf(payment);
    if (payment.became === 'ticket' && ticket !== undefined) {
      this.#move(accountOf(ticket), 'refunds_payable', ownTyiyn, parkId);
      if (ticket.earnedBy !== 'visit') ticket.keptTyiyn -= ownTyiyn;
    } else this.#move(payment.became === 'suspense' ? 'suspense' : 'received', 'refunds_payable', ownTyiyn, parkId);
    this.#move('suspense', 'refunds_payable', data.amountTyiyn - ownTyiyn, parkId);
  }

  #earn(ticketId: string, by: 'no_show' | 'visit'): void {
    const ticket = this.#tickets.get(ticketId);
    if (ticket === undefined || ticket.earnedBy === 'visit') return;
    this.#move(accountOf(ticket), by === 'visit' ? 'revenue' : 'revenue:no_show', ticket.keptTyiyn, ticket.parkId);
    ticket.earnedBy = by;
    if (by === 'visit') ticket.keptTyiyn = 0n;
  }

  #payment(paymentId: string): Payment {
    const known = this.#payments.get(paymentId);
    if (known === undefined) throw new Error(`payment ${paymentId} was never begun`);
    return known;
  }

  #parkOf({ parkId, ticketId }: Payment): string {
    return parkId ?? this.#tickets.get(ticketId)?.parkId ?? '';
  }

  #move(debit: LedgerAccount, credit: LedgerAccount, amountTyiyn: bigint, parkId: string): void {
    if (amountTyiyn === 0n) return;
    this.#moved += 1;
    const add = (account: LedgerAccount, byTyiyn: bigint): void => {
      const name = `${account} ${parkId}`;
      this.balances.set(name, (this.balances.get(name) ?? 0n) + byTyiyn);
    };
    add(debit, amountTyiyn);
    add(credit, -amountTyiyn);
  }
}

/** Where the money of a ticket is. */
const accountOf = ({ earnedBy }: Ticket): LedgerAccount =>
  earnedBy === 'visit' ? 'revenue' : earnedBy === 'no_show' ? 'revenue:no_show' : 'deferred_revenue';

type Balance = { readonly name: string; readonly entries: string; readonly totals: string };
type Unexplained = { readonly paymentId: string; readonly account: string; readonly amount: string };

/**
 * Rule 6, money balances: every transaction sums to zero; every account of every park holds what payments, refunds, tickets, visits and
 * tills imply; and money that fits nothing is under way to whom it belongs, or somebody has it to look at.
 */
export function createLedgerAudit(): Audit {
  const books = new Books();
  return {
    see: (event) => books.see(event),
    async findings(session) {
      const [told] = await session.rows<{ transactions: number; entries: number }>(TRANSACTIONS);
      const { transactions, entries } = told ?? { transactions: 0, entries: 0 };
      const unbalanced = await session.rows<{ position: number }>(UNBALANCED);
      const faults = unbalanced.map(({ position }) => `the transaction of event ${position} does not sum to zero`);
      if (transactions !== books.transactions) {
        faults.push(`the log tells of ${count(books.transactions, 'transaction')}`);
      }
      const rows = await session.rows<Balance>(BALANCES);
      const unexplained = await session.rows<Unexplained>(UNEXPLAINED);
      return [
        findingOf(
          'rule 6',
          `ledger: ${count(transactions, 'transaction')}, ${entries} entries, each sums to zero`,
          faults,
        ),
        findingOf(
          'rule 6',
          `ledger: ${count(rows.length, 'account')} hold what payments, refunds, visits and tills imply`,
          balanceFaults(books, rows),
        ),
        findingOf(
          'rule 6',
          'ledger: whatever fits nothing goes back, or waits for a person',
          unexplained.map(({ paymentId, account, amount }) => {
            return `${formatSom(BigInt(amount))} of payment ${paymentId} are ${account} and nobody works on it`;
          }),
        ),
      ];
    },
  };
}

function balanceFaults({ balances }: Books, rows: readonly Balance[]): readonly string[] {
  const told = new Map(rows.map(({ name, entries }) => [name, BigInt(entries)]));
  const differing = [...new Set([...told.keys(), ...balances.keys()])].flatMap((name) => {
    const [here, there] = [told.get(name) ?? 0n, balances.get(name) ?? 0n];
    return here === there ? [] : [`${name.trim()} holds ${formatSom(here)}, by the log ${formatSom(there)}`];
  });
  const astray = rows.filter(({ entries, totals }) => entries !== totals);
  return [...differing, ...astray.map(({ name }) => `the days of ${name.trim()} do not add up to its entries`)];
}
