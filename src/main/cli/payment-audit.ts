import type { Recorded } from '../../kernel/event-codec.ts';
import { formatSom } from '../../kernel/money.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { Difference, TicketActivated, TicketMoved } from '../../modules/booking/contract.ts';
import type { TicketSaleRemembered } from '../../modules/booking/domain/remembered-sale.ts';
import type { TicketHeld } from '../../modules/booking/domain/ticket-messages.ts';
import type {
  PaymentMismatched,
  PaymentSucceeded,
  RefundRequested,
  RefundSucceeded,
} from '../../modules/payment/contract.ts';
import { count, findingOf, isOf, type Audit, type Finding } from './finding.ts';

const PROGRESS = statement(
  'check.purchase-progress',
  `select coalesce((select position from store.subscription where name = 'flow.purchase'), 0) as position,
     (select count(*) from store.parked_event where subscription = 'flow.purchase' and resolved_at is null) as parked`,
);

type Payment = { readonly data: PaymentSucceeded['data']; readonly position: number };
/** Money that did not fit, and what of it goes back. */
type Misfit = {
  readonly paymentId: string;
  readonly amountTyiyn: bigint;
  readonly position: number;
  refundedTyiyn: bigint;
};

/** Everything the log says about money and what it bought. */
class Ledger {
  readonly payments = new Map<string, Payment>();
  readonly prices = new Map<string, bigint>();
  /** By ticket. */
  readonly activations = new Map<string, TicketActivated['data'][]>();
  /** Tickets that headquarters had sold before it was set back, whose payment it has not found. */
  readonly awaited = new Set<string>();
  /** How many tickets a payment made valid, or moved to a dearer day. By payment. */
  readonly activated = new Map<string, number>();
  /** What dearer days cost more, by ticket. */
  readonly differences = new Map<string, Difference>();
  /** What the purchase flow gives back because it made no ticket valid, by payment. */
  readonly unusedTyiyn = new Map<string, bigint>();
  /** What is given back later: after a cancellation, or because somebody wanted it. By payment. */
  readonly returnedTyiyn = new Map<string, bigint>();
  /** Requested refunds that are not out yet, by refund. */
  readonly owedTyiyn = new Map<string, bigint>();
  outTyiyn = 0n;
  /** Refunds that are out twice, or without having been requested. */
  readonly strangeRefunds: string[] = [];
  /** By event. */
  readonly successes = new Set<string>();
  /** By event. */
  readonly misfits = new Map<string, Misfit>();

  see(event: Parameters<Audit['see']>[0]): void {
    if (isOf<TicketHeld>(event, 'TicketHeld')) this.prices.set(event.data.ticketId, event.data.priceTyiyn);
    else if (isOf<TicketActivated>(event, 'TicketActivated')) this.#activate(event.data);
    else if (isOf<TicketSaleRemembered>(event, 'TicketSaleRemembered')) this.awaited.add(event.data.ticketId);
    else if (isOf<TicketMoved>(event, 'TicketMoved')) this.#move(event.data);
    else if (isOf<PaymentSucceeded>(event, 'PaymentSucceeded')) {
      this.payments.set(event.data.paymentId, { data: event.data, position: event.meta.position });
      this.successes.add(event.meta.id);
    } else if (isOf<RefundSucceeded>(event, 'RefundSucceeded')) this.#payOut(event.data);
    else if (isOf<RefundRequested>(event, 'RefundRequested')) {
      this.#refund(event);
    } else if (isOf<PaymentMismatched>(event, 'PaymentMismatched')) {
      const { paymentId, amountTyiyn, why } = event.data;
      const { id, position } = event.meta;
      if (why === 'told_differently' || amountTyiyn === 0n) return;
      this.misfits.set(id, { paymentId, amountTyiyn, position, refundedTyiyn: 0n });
    }
  }

  /** A refund of the purchase flow names the event it answers. */
  #refund({ data: { paymentId, refundId, amountTyiyn }, meta: { causationId } }: Recorded<RefundRequested>): void {
    this.owedTyiyn.set(refundId, amountTyiyn);
    const misfit = this.misfits.get(causationId ?? '');
    if (misfit !== undefined) misfit.refundedTyiyn += amountTyiyn;
    else {
      const refunded = this.successes.has(causationId ?? '') ? this.unusedTyiyn : this.returnedTyiyn;
      refunded.set(paymentId, (refunded.get(paymentId) ?? 0n) + amountTyiyn);
    }
  }

  #payOut({ refundId, amountTyiyn }: RefundSucceeded['data']): void {
    if (this.owedTyiyn.get(refundId) !== amountTyiyn) this.strangeRefunds.push(refundId);
    this.owedTyiyn.delete(refundId);
    this.outTyiyn += amountTyiyn;
  }

  #move({ ticketId, difference }: TicketMoved['data']): void {
    if (difference === null) return;
    this.differences.set(ticketId, difference);
    this.activated.set(difference.paymentId, (this.activated.get(difference.paymentId) ?? 0) + 1);
  }

  #activate(data: TicketActivated['data']): void {
    this.awaited.delete(data.ticketId);
    this.activations.set(data.ticketId, [...(this.activations.get(data.ticketId) ?? []), data]);
    if (data.paymentId !== null) this.activated.set(data.paymentId, (this.activated.get(data.paymentId) ?? 0) + 1);
  }
}

type Outcome = 'ticket' | 'refund' | 'in progress' | { readonly fault: string };

function outcomeOf(ledger: Ledger, { data, position }: Payment, handledTo: number): Outcome {
  const tickets = ledger.activated.get(data.paymentId) ?? 0;
  const unused = ledger.unusedTyiyn.get(data.paymentId);
  const returned = ledger.returnedTyiyn.get(data.paymentId) ?? 0n;
  const fault = (why: string): Outcome => ({ fault: `payment ${data.paymentId} ${why}` });
  if (tickets > 1) return fault(`made ${tickets} tickets valid`);
  if ((unused ?? 0n) + returned > data.amountTyiyn) return fault('gives back more than came in');
  if (tickets === 1) return unused === undefined ? 'ticket' : fault('made a ticket valid and goes back as unusable');
  if ((unused ?? 0n) + returned === data.amountTyiyn) return 'refund';
  if (unused !== undefined) return fault(`of ${formatSom(data.amountTyiyn)} gives back ${formatSom(unused)}`);
  return position > handledTo ? 'in progress' : fault('brought neither a ticket nor a refund');
}

function outcomeOfMisfit({ paymentId, amountTyiyn, position, refundedTyiyn }: Misfit, handledTo: number): Outcome {
  if (refundedTyiyn === amountTyiyn) return 'refund';
  if (refundedTyiyn === 0n && position > handledTo) return 'in progress';
  const sums = `${formatSom(refundedTyiyn)} of ${formatSom(amountTyiyn)}`;
  return { fault: `payment ${paymentId} gives back ${sums} that did not fit` };
}

/** Tickets that are valid without the money for them. */
function unpaidTickets(ledger: Ledger): readonly string[] {
  return [...ledger.activations].flatMap(([ticketId, activations]) => {
    const [first, second] = activations;
    if (first === undefined || second !== undefined)
      return [`ticket ${ticketId} became active ${activations.length} times`];
    const priceTyiyn = ledger.prices.get(ticketId);
    if (first.paymentId === null) return priceTyiyn === 0n ? [] : [`ticket ${ticketId} is active without a payment`];
    const payment = ledger.payments.get(first.paymentId)?.data;
    const isPaid = payment?.ticketId === ticketId && payment.amountTyiyn === priceTyiyn;
    return isPaid ? [] : [`ticket ${ticketId} is active without its price being paid by ${first.paymentId}`];
  });
}

/** Tickets that are at a dearer day without the money for it. */
const unpaidMoves = ({ differences, payments }: Ledger): readonly string[] =>
  [...differences].flatMap(([ticketId, { paymentId, paidTyiyn }]) => {
    const payment = payments.get(paymentId)?.data;
    const isPaid = payment?.ticketId === ticketId && payment.amountTyiyn === paidTyiyn;
    return isPaid ? [] : [`ticket ${ticketId} moved without its difference being paid by ${paymentId}`];
  });

function strangeRefunds({ unusedTyiyn, returnedTyiyn, payments, strangeRefunds: paidOut }: Ledger): readonly string[] {
  const refunded = [...unusedTyiyn.keys(), ...returnedTyiyn.keys()];
  return [
    ...refunded.filter((id) => !payments.has(id)).map((id) => `payment ${id} goes back and never came`),
    ...paidOut.map((id) => `refund ${id} is out twice, or was never asked for`),
  ];
}

/**
 * Rule 2, a paid ticket is honoured or refunded, once: every payment that came in made its one ticket valid or goes back as a
 * whole, never both; what did not fit goes back as well; what the purchase flow has not come to yet is in progress. What a
 * ticket was paid with may go back later, at most once. And rule 6 for money: what came in is what tickets cost, what goes
 * back and what is in progress; and what goes back is out or owed. A park hears of headquarters' tickets and not of their money, so
 * there it is its own that is looked at.
 */
export function createPaymentAudit(): Audit {
  const ledger = new Ledger();
  return {
    see(event, { isHeadquarters }) {
      if (!isHeadquarters) ledger.see(event);
    },
    async findings(session) {
      const [progress] = await session.rows<{ position: number; parked: number }>(PROGRESS);
      const counts = { ticket: 0, refund: 0, 'in progress': 0 };
      const sums = { ticket: 0n, refund: 0n, 'in progress': 0n };
      const faults = [...unpaidTickets(ledger), ...unpaidMoves(ledger)];
      let receivedTyiyn = 0n;
      const handledTo = progress?.position ?? 0;
      const outcomes = [
        ...[...ledger.payments.values()].map((payment) => ({
          amountTyiyn: payment.data.amountTyiyn,
          outcome: outcomeOf(ledger, payment, handledTo),
        })),
        ...[...ledger.misfits.values()].map((misfit) => ({
          amountTyiyn: misfit.amountTyiyn,
          outcome: outcomeOfMisfit(misfit, handledTo),
        })),
      ];
      for (const { amountTyiyn, outcome } of outcomes) {
        receivedTyiyn += amountTyiyn;
        if (typeof outcome === 'object') faults.push(outcome.fault);
        else {
          counts[outcome] += 1;
          sums[outcome] += amountTyiyn;
        }
      }
      faults.push(...strangeRefunds(ledger));
      const parked = progress?.parked ?? 0;
      if (parked > 0) faults.push(`the purchase flow has ${count(parked, 'parked event')} for a person to look at`);
      const misfits = ledger.misfits.size === 0 ? '' : ` and ${ledger.misfits.size} sums that did not fit`;
      const awaited =
        ledger.awaited.size === 0
          ? ''
          : `; ${count(ledger.awaited.size, 'ticket')} sold before headquarters was set back, whose payment has not been found`;
      const text =
        `${count(ledger.payments.size, 'payment')}${misfits} came in: ${counts.ticket} made a ticket valid, ` +
        `${counts.refund} go back, ${counts['in progress']} in progress${awaited}`;
      return [
        { ...findingOf('rule 2', text, faults), inProgress: counts['in progress'] > 0 },
        moneyFinding(receivedTyiyn, sums),
        refundFinding(ledger),
      ];
    },
  };
}

function moneyFinding(
  receivedTyiyn: bigint,
  sums: Readonly<Record<'ticket' | 'refund' | 'in progress', bigint>>,
): Finding {
  const { ticket, refund, 'in progress': open } = sums;
  const text =
    `money: ${formatSom(receivedTyiyn)} came in = ${formatSom(ticket)} for tickets + ${formatSom(refund)} to go back ` +
    `+ ${formatSom(open)} in progress`;
  return { subject: 'rule 6', holds: receivedTyiyn === ticket + refund + open, text };
}

function refundFinding({ unusedTyiyn, returnedTyiyn, misfits, owedTyiyn, outTyiyn }: Ledger): Finding {
  const sumOf = (sums: Iterable<bigint>): bigint => [...sums].reduce((total, sum) => total + sum, 0n);
  const ofMisfits = sumOf([...misfits.values()].map(({ refundedTyiyn }) => refundedTyiyn));
  const askedTyiyn = sumOf(unusedTyiyn.values()) + sumOf(returnedTyiyn.values()) + ofMisfits;
  const leftTyiyn = sumOf(owedTyiyn.values());
  const text = `refunds: ${formatSom(askedTyiyn)} to go back = ${formatSom(outTyiyn)} out + ${formatSom(leftTyiyn)} owed`;
  return { subject: 'rule 6', holds: askedTyiyn === outTyiyn + leftTyiyn, text };
}
