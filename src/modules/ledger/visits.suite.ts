import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { JsonObject } from '../../kernel/event-store.ts';
import type { TestNode } from '../../../test/support/module-database.ts';

export const BOUGHT_MS = Date.parse('2026-12-05T06:00:00Z');

const BALANCES = statement(
  'test.balances',
  `select account, sum(amount_tyiyn) / 100.0 as som from ledger.entries where park_id = $1
   group by account having sum(amount_tyiyn) <> 0 order by account`,
);

type Fact = readonly [streamId: string, type: string, data: JsonObject];

/** Sums are in som here. */
export const tyiyn = (som: number): string => String(som * 100);

/** Tells the log of what happens to tickets and their money, each in a park of its own. */
export function createTeller({ store, database }: Pick<TestNode, 'store' | 'database'>) {
  async function happened(facts: readonly Fact[], causationId?: string, occurredAtMs = BOUGHT_MS): Promise<string> {
    const id = ids.next();
    await store.append({
      streams: facts.map(([streamId, type, data], index) => ({
        streamId,
        aggregateType: 'Thing',
        expected: 'any',
        events: [{ id: index === 0 ? id : ids.next(), type, schemaVersion: 1, data }],
      })),
      context: {
        actor: 'system',
        correlationId: 'c',
        occurredAtMs,
        ...(causationId === undefined ? {} : { causationId }),
      },
    });
    return id;
  }

  /** Sums of the accounts of a park that are not empty, in som. */
  async function balancesOf(parkId: string): Promise<Readonly<Record<string, number>>> {
    const rows = await database.rows<{ account: string; som: string }>(BALANCES, [parkId]);
    return Object.fromEntries(rows.map(({ account, som }) => [account, Number(som)]));
  }

  /** One ticket and its payments in a park of its own. */
  function visit() {
    const [parkId, ticketId, paymentId] = [`park-${ids.next().slice(-8)}`, ids.next(), ids.next()];
    const place = { ticketId, parkId, visitDate: '2026-12-08', places: 2 };
    const tell = (stream: string, type: string, data: JsonObject, causationId?: string) =>
      happened([[stream, type, data]], causationId);
    const refundIds: string[] = [];
    return {
      parkId,
      ticketId,
      paymentId,
      balances: () => balancesOf(parkId),
      async book(method = 'elqr'): Promise<void> {
        await tell(ticketId, 'TicketHeld', { ...place, priceTyiyn: tyiyn(350) });
        await tell(paymentId, 'PaymentIntended', { paymentId, ticketId, parkId, method });
      },
      pay: (som = 350, id = paymentId) =>
        tell(id, 'PaymentSucceeded', { paymentId: id, ticketId, amountTyiyn: tyiyn(som), succeededAtMs: BOUGHT_MS }),
      misfit: (som: number, more: JsonObject = {}) => {
        const money = { amountTyiyn: tyiyn(som), currency: 'KGS', why: 'second_charge', noticedAtMs: BOUGHT_MS };
        return tell(paymentId, 'PaymentMismatched', { paymentId, ticketId, ...money, ...more });
      },
      buy: (som = 350) =>
        tell(ticketId, 'TicketActivated', { ...place, paymentId, paidTyiyn: tyiyn(som), activatedAtMs: BOUGHT_MS }),
      refuse: () =>
        tell(ticketId, 'TicketPaymentRefused', { ticketId, paymentId, why: 'day_over', refusedAtMs: BOUGHT_MS }),
      /** A second payment, and the move that it pays. */
      async moveDearer(som: number): Promise<void> {
        const second = ids.next();
        await tell(second, 'PaymentIntended', { paymentId: second, ticketId, parkId, method: 'elcard' });
        await this.pay(som, second);
        const difference = { paymentId: second, paidTyiyn: tyiyn(som) };
        await tell(ticketId, 'TicketMoved', { ...place, paymentId, difference, movedAtMs: BOUGHT_MS });
      },
      askBack(som: number, causationId?: string) {
        const refundId = ids.next();
        refundIds.push(refundId);
        const refund = { paymentId, ticketId, refundId, amountTyiyn: tyiyn(som), requestedAtMs: BOUGHT_MS };
        return tell(paymentId, 'RefundRequested', refund, causationId);
      },
      failRefund: () => tell(paymentId, 'RefundFailed', { paymentId, ticketId, refundId: refundIds.at(-1) ?? '' }),
      sendBack(som: number) {
        const refund = { paymentId, ticketId, refundId: refundIds.at(-1) ?? '', amountTyiyn: tyiyn(som) };
        return tell(paymentId, 'RefundSucceeded', { ...refund, succeededAtMs: BOUGHT_MS });
      },
      admit: () =>
        tell(ids.derive(ticketId), 'PeopleAdmitted', {
          ...place,
          people: 1,
          scannedAtMs: Date.parse('2026-12-08T04:00:00Z'),
        }),
      endDay: () => tell(ticketId, 'TicketExpired', { ...place, expiredAtMs: Date.parse('2026-12-09T01:00:00Z') }),
    };
  }

  async function sold() {
    const one = visit();
    await one.book();
    await one.pay();
    await one.buy();
    return one;
  }

  type Movement = {
    readonly parkId: string;
    readonly paymentId: string;
    readonly som: number;
    readonly reference: string;
    readonly succeededAtMs?: number | undefined;
  };

  /** A payment by ELQR that succeeded, under the name that the provider gave it. */
  async function payAs({ parkId, paymentId, som, reference, succeededAtMs = BOUGHT_MS }: Movement): Promise<void> {
    const about = { paymentId, ticketId: ids.next(), amountTyiyn: tyiyn(som) };
    const paid = { ...about, providerReference: reference, succeededAtMs };
    await happened([[paymentId, 'PaymentIntended', { ...about, parkId, method: 'elqr' }]]);
    await happened([[paymentId, 'PaymentSucceeded', paid]], undefined, succeededAtMs);
  }

  /** A refund of such a payment that its provider made. */
  async function refundAs({ paymentId, som, reference }: Movement): Promise<void> {
    const about = { paymentId, ticketId: ids.next(), refundId: ids.next(), amountTyiyn: tyiyn(som) };
    await happened([[paymentId, 'RefundRequested', { ...about, requestedAtMs: BOUGHT_MS }]]);
    const out = { ...about, providerReference: reference, succeededAtMs: BOUGHT_MS };
    await happened([[paymentId, 'RefundSucceeded', out]]);
  }

  return { happened, balancesOf, visit, sold, payAs, refundAs };
}

export type Teller = ReturnType<typeof createTeller>;
export type Visit = ReturnType<Teller['visit']>;
