import { assert } from '../../kernel/assert.ts';
import { ok } from '../../kernel/result.ts';
import type { EventCodec } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { TicketCancelled, TicketMoved } from '../../modules/booking/contract.ts';
import { ticket, verdictOn } from '../../modules/booking/domain/ticket.ts';
import type { TicketTerms } from '../../modules/booking/domain/ticket-messages.ts';
import { payment } from '../../modules/payment/domain/payment.ts';
import type { OnlineMethod } from '../../modules/payment/domain/payment-messages.ts';
import { shift } from '../../modules/payment/domain/shift.ts';
import { bookStatement } from './statement-step.suite.ts';
import { ThingLog, type Thing } from './thing-log.suite.ts';

export const STEPS = [
  'book',
  'sell in cash',
  'sell by card',
  'pay',
  'pay something else',
  'pay in dollars',
  'react',
  'give back',
  'send back',
  'fail to send back',
  'pay out by hand',
  'pay out of a till',
  'cancel',
  'move',
  'pay for a move',
  'admit',
  'end a day',
  'end a hold',
  'close a till',
  'book a statement',
] as const;

/** Something that is tried: with which ticket or payment, 0 is the newest, and how much. What rules refuse does not happen. */
export type Step = { readonly what: (typeof STEPS)[number]; readonly choice: number; readonly size: number };

const NOW_MS = Date.parse('2026-12-01T06:00:00Z');
const DAY = {
  visitDate: '2026-12-05',
  validFromMs: Date.parse('2026-12-05T03:00:00Z'),
  closesAtMs: Date.parse('2026-12-05T14:00:00Z'),
  validUntilMs: Date.parse('2026-12-05T14:30:00Z'),
  children: [{ childId: null, name: 'Aibek', birthDate: null, age: 5, ageBand: '3-6' }],
  priceLines: [],
} as const;
const OTHER_DAY = { ...DAY, visitDate: '2026-12-09', closesAtMs: Date.parse('2026-12-09T14:00:00Z') };

/** What happens to money in one park: decided by the rules of tickets, payments and tills, and told to a log. */
export class MoneyHistory {
  readonly #log: ThingLog;
  readonly #parkId: string;
  #nowMs = NOW_MS;

  constructor(parkId: string, store: Pick<EventStore, 'append'>, codec: Pick<EventCodec, 'encode'>) {
    this.#parkId = parkId;
    this.#log = new ThingLog(store, codec);
  }

  async take({ what, choice, size }: Step): Promise<void> {
    this.#nowMs += 60_000;
    const nowMs = this.#nowMs;
    const some = (kind: Thing['kind']): Thing | undefined => this.#log.some(kind, choice);
    const amountTyiyn = BigInt(size) * 500n + 500n;
    switch (what) {
      case 'book':
        return this.#book(amountTyiyn, choice % 2 === 0 ? 'elqr' : 'elcard');
      case 'sell in cash':
        return this.#sellAtDesk(amountTyiyn, 'cash');
      case 'sell by card':
        return this.#sellAtDesk(amountTyiyn, 'elcard_terminal');
      case 'react':
        return this.#react();
      case 'close a till':
        return this.#closeTill(BigInt(size) - 10n);
      case 'book a statement':
        return bookStatement(this.#log, this.#parkId, choice, amountTyiyn, nowMs);
      case 'pay':
      case 'pay something else':
      case 'pay in dollars':
        return this.#pay(some('payment'), what, amountTyiyn);
      case 'give back':
        return this.#giveBack(some('payment'), ids.next(), size % 3 === 0 ? null : amountTyiyn, false);
      case 'send back':
      case 'fail to send back':
      case 'pay out by hand':
      case 'pay out of a till':
        return this.#settleRefund(some('payment'), what, choice);
      default: {
        const one = some('ticket');
        return one === undefined ? undefined : this.#changeTicket(one, what, amountTyiyn, nowMs);
      }
    }
  }

  /** Everything that flows still have to do. */
  async settle(): Promise<void> {
    while (this.#log.unseen.length > 0) await this.#react();
  }

  async #changeTicket(one: Thing, what: Step['what'], amountTyiyn: bigint, nowMs: number): Promise<void> {
    const { terms } = this.#log.stateOf(ticket, one);
    assert(terms, 'a ticket is made with its terms');
    const { userId } = terms;
    const today = '2026-12-01';
    switch (what) {
      case 'cancel': {
        const why = amountTyiyn % 1000n === 0n ? 'override' : 'guest';
        return this.#log.tell([
          this.#log.decide(ticket, one, { kind: 'cancel', why, userId, reason: null, today, nowMs }),
        ]);
      }
      case 'move': {
        if (userId === null) return undefined;
        const to = { day: { ...OTHER_DAY, priceTyiyn: amountTyiyn }, returnedPromo: null, pointsSpent: 0 };
        const command = { kind: 'move', userId, to, voidId: null, today, nowMs, admissionCode: 'code' } as const;
        return this.#log.tell([this.#log.decide(ticket, one, command)]);
      }
      case 'pay for a move':
        return this.#intend(one, this.#log.stateOf(ticket, one).move?.dueTyiyn ?? 0n, 'elqr');
      case 'admit': {
        if (!this.#log.stateOf(ticket, one).activated) return undefined;
        const { ticketId, parkId, visitDate } = terms;
        const passage = {
          ticketId,
          userId,
          parkId,
          visitDate,
          scannedAtMs: nowMs,
          people: 1,
          first: true,
          remaining: 1,
        };
        const gate = this.#log.make('gate', ids.derive(`gate:${one.id}`));
        return this.#log.tell([{ thing: gate, decided: ok([{ type: 'PeopleAdmitted', data: passage }]) }]);
      }
      case 'end a day':
        return this.#log.tell([
          this.#log.decide(ticket, one, { kind: 'end_day', nowMs: OTHER_DAY.validUntilMs + 5 * 86_400_000 }),
        ]);
      default:
        return this.#log.tell([this.#log.decide(ticket, one, { kind: 'expire', nowMs: nowMs + 3_600_000 })]);
    }
  }

  #terms(ticketId: string, userId: string | null, priceTyiyn: bigint): TicketTerms {
    const party = {
      ticketType: 'single',
      adults: 1,
      places: 2,
      promo: null,
      tier: null,
      pointsSpent: 0,
      passId: null,
    } as const;
    const times = { createdAtMs: this.#nowMs, expiresAtMs: this.#nowMs + 900_000 };
    const who = { ticketId, userId, subjectId: userId ?? ticketId, parkId: this.#parkId, qrCode: ticketId };
    return { ...DAY, ...party, ...times, ...who, priceTyiyn };
  }

  async #book(priceTyiyn: bigint, method: OnlineMethod): Promise<void> {
    const one = this.#log.make('ticket');
    const terms = this.#terms(one.id, ids.next(), priceTyiyn);
    await this.#log.tell([this.#log.decide(ticket, one, { kind: 'hold', terms, admissionCode: null })]);
    await this.#intend(one, priceTyiyn, method);
  }

  async #intend(one: Thing, amountTyiyn: bigint, method: OnlineMethod): Promise<void> {
    const userId = this.#log.stateOf(ticket, one).terms?.userId ?? null;
    if (amountTyiyn === 0n) return;
    const paid = this.#log.make('payment');
    const nowMs = this.#nowMs;
    const about = { paymentId: paid.id, ticketId: one.id, userId, parkId: this.#parkId, amountTyiyn, method };
    const terms = { providerKey: ids.next(), returnUrl: '', nowMs, expiresAtMs: nowMs + 900_000 };
    await this.#log.tell([
      this.#log.decide(ticket, one, { kind: 'keep', userId, paymentId: paid.id, nowMs }),
      this.#log.decide(payment, paid, { type: 'intend', ...about, ...terms }),
    ]);
  }

  async #openTill(): Promise<Thing> {
    const open = this.#log.things.find(
      (thing) => thing.kind === 'shift' && this.#log.stateOf(shift, thing).countedTyiyn === null,
    );
    if (open !== undefined) return open;
    const till = this.#log.make('shift');
    const about = { shiftId: till.id, parkId: this.#parkId, cashierId: ids.next(), floatTyiyn: 10_000n };
    await this.#log.tell([this.#log.decide(shift, till, { type: 'open', ...about, nowMs: this.#nowMs })]);
    return till;
  }

  async #closeTill(offByTyiyn: bigint): Promise<void> {
    const till = await this.#openTill();
    const countedTyiyn = this.#log.stateOf(shift, till).cashTyiyn + offByTyiyn;
    await this.#log.tell([this.#log.decide(shift, till, { type: 'close', countedTyiyn, nowMs: this.#nowMs })]);
  }

  async #sellAtDesk(amountTyiyn: bigint, method: 'cash' | 'elcard_terminal'): Promise<void> {
    const till = await this.#openTill();
    const [one, paid] = [this.#log.make('ticket'), this.#log.make('payment')];
    const terms = this.#terms(one.id, null, amountTyiyn);
    const about = { paymentId: paid.id, ticketId: one.id, amountTyiyn, nowMs: this.#nowMs };
    const taken = { parkId: this.#parkId, method, providerKey: ids.next(), reference: 'desk' };
    await this.#log.tell([
      this.#log.decide(ticket, one, { kind: 'sell', terms, paymentId: paid.id, admissionCode: 'code' }),
      this.#log.decide(payment, paid, { type: 'take_at_desk', ...about, ...taken }),
      ...(method === 'cash' ? [this.#log.decide(shift, till, { type: 'take', ...about })] : []),
    ]);
  }

  async #pay(paid: Thing | undefined, what: Step['what'], otherTyiyn: bigint): Promise<void> {
    const intent = paid === undefined ? null : this.#log.stateOf(payment, paid).intent;
    if (paid === undefined || intent === null) return;
    const amountTyiyn = what === 'pay something else' ? otherTyiyn : intent.amountTyiyn;
    const currency = what === 'pay in dollars' ? 'USD' : 'KGS';
    const told = { providerReference: ids.next(), source: 'webhook', nowMs: this.#nowMs } as const;
    await this.#log.tell([this.#log.decide(payment, paid, { type: 'confirm', amountTyiyn, currency, ...told })]);
  }

  async #giveBack(
    paid: Thing | undefined,
    refundId: string,
    amountTyiyn: bigint | null,
    orLess: boolean,
    causationId?: string,
  ): Promise<void> {
    if (paid === undefined) return;
    const command = { type: 'request_refund', refundId, amountTyiyn, orLess, reason: 'test', note: null } as const;
    await this.#log.tell(
      [this.#log.decide(payment, paid, { ...command, nowMs: this.#nowMs })],
      causationId === undefined ? {} : { causationId },
    );
  }

  async #settleRefund(paid: Thing | undefined, what: Step['what'], choice: number): Promise<void> {
    const refunds = paid === undefined ? [] : this.#log.stateOf(payment, paid).refunds;
    const refund = refunds[choice % refunds.length];
    if (paid === undefined || refund === undefined) return;
    const { refundId, amountTyiyn } = refund;
    const nowMs = this.#nowMs;
    if (what === 'fail to send back') {
      return this.#log.tell([this.#log.decide(payment, paid, { type: 'fail_refund', refundId, reason: 'no', nowMs })]);
    }
    if (what === 'send back') {
      // What a person has is the provider's no more.
      if (refund.status === 'manual') return;
      return this.#log.tell([
        this.#log.decide(payment, paid, { type: 'confirm_refund', refundId, providerReference: 'r', nowMs }),
      ]);
    }
    const out = this.#log.decide(payment, paid, { type: 'pay_out_refund', refundId, reference: 'books', nowMs });
    if (what === 'pay out by hand') return this.#log.tell([out]);
    const till = await this.#openTill();
    await this.#log.tell([
      out,
      this.#log.decide(shift, till, { type: 'pay_out', paymentId: paid.id, refundId, amountTyiyn, nowMs }),
    ]);
  }

  /** As flows do: money buys its ticket or goes back, and so does what a ticket that ended was paid with. */
  async #react(): Promise<void> {
    const told = this.#log.unseen.shift();
    if (told === undefined) return;
    const { id, event } = told;
    const data = event.data as { readonly ticketId: string; readonly paymentId: string; readonly amountTyiyn: bigint };
    const paid = this.#log.find(data.paymentId);
    if (event.type === 'PaymentSucceeded') {
      const one = this.#log.find(data.ticketId);
      assert(one, 'a payment is of a ticket');
      const settle = {
        kind: 'settle',
        paymentId: data.paymentId,
        paidTyiyn: data.amountTyiyn,
        admissionCode: 'code',
      } as const;
      await this.#log.tell([this.#log.decide(ticket, one, { ...settle, nowMs: this.#nowMs })], { causationId: id });
      if (verdictOn(this.#log.stateOf(ticket, one), data.paymentId) === 'accepted') return;
      await this.#giveBack(paid, ids.derive(`unusable:${data.paymentId}`), data.amountTyiyn, true, id);
    } else if (event.type === 'PaymentMismatched') {
      await this.#giveBack(paid, ids.derive(`misfit:${id}`), data.amountTyiyn, true, id);
    } else if (event.type === 'TicketCancelled') {
      const { paidTyiyn, difference } = (event as TicketCancelled).data;
      await this.#giveBack(paid, ids.derive(`cancelled:${id}`), paidTyiyn - (difference?.paidTyiyn ?? 0n), true, id);
      if (difference === null) return;
      const other = this.#log.find(difference.paymentId);
      await this.#giveBack(other, ids.derive(`difference:${id}`), difference.paidTyiyn, true, id);
    } else if (event.type === 'TicketMoved') {
      await this.#giveBack(paid, ids.derive(`moved:${id}`), (event as TicketMoved).data.refundTyiyn, true, id);
    }
  }
}
