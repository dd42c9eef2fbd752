import type {
  CreateOutcome,
  PaymentProvider,
  ProviderNotice,
  RefundOutcome,
  RefundStatusOutcome,
  StatusOutcome,
} from '../../src/modules/payment/contract.ts';
import { ok, refuse } from '../../src/kernel/result.ts';
import type { Clock } from '../../src/kernel/time.ts';
import type { Dice } from './dice.ts';

/** What became of an order at the provider, whatever it told us. */
export type BankOrder = {
  readonly providerKey: string;
  readonly externalId: string;
  readonly amountTyiyn: bigint;
  readonly expiresAtMs: number;
  state: 'open' | 'paid' | 'declined';
  paidAtMs: number;
  /** When anything became of it last. */
  changedAtMs: number;
  /** Headquarters was put back to before that: only a statement can tell it. */
  isForgotten: boolean;
  /** By our key. */
  readonly refunds: Map<string, bigint>;
};

/** The money of the world: a provider whose answers are lost now and then, and whose books say who really paid. */
export type Bank = {
  readonly provider: PaymentProvider;
  readonly orders: ReadonlyMap<string, BankOrder>;
  /** Takes no question and gives no answer. */
  isAway: boolean;
  /** No question and no answer is lost any more. */
  isMended: boolean;
  /** The guest pays, or is declined; what the provider then says of it, or null where there is nothing to pay. */
  settle(externalId: string, how: 'pays' | 'declines'): ProviderNotice | null;
  /** What it says again of what was paid, under the same id; null where nothing was. */
  tellAgain(externalId: string): ProviderNotice | null;
};

const noticeOf = (order: BankOrder): ProviderNotice => ({
  eventId: `${order.externalId}/${order.state}`,
  providerKey: order.providerKey,
  outcome:
    order.state === 'paid'
      ? {
          kind: 'succeeded',
          amountTyiyn: order.amountTyiyn,
          currency: 'KGS',
          paidAtMs: order.paidAtMs,
          providerReference: order.externalId,
        }
      : { kind: 'failed', reason: 'declined' },
});

/** Notices are carried as JSON; an amount is text there. */
export const writeNotice = (notice: ProviderNotice): string =>
  JSON.stringify(notice, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

const readNotice = (rawBody: Uint8Array): ProviderNotice =>
  JSON.parse(Buffer.from(rawBody).toString('utf8'), (_key, value: unknown) =>
    typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as ProviderNotice;

class SimulatedBank implements Bank {
  readonly orders = new Map<string, BankOrder>();
  isAway = false;
  isMended = false;
  readonly #dice: Dice;
  readonly #clock: Clock;
  /** How often the same was asked: what happens to a question hangs on nothing that is asked beside it. */
  readonly #asked = new Map<string, number>();

  constructor(dice: Dice, clock: Clock) {
    this.#dice = dice;
    this.#clock = clock;
  }

  /** Whether the provider hears this call, and whether we hear its answer. */
  #way(call: string, key: string): 'none' | 'there' | 'both' {
    const question = `bank/${call}/${key}`;
    const times = (this.#asked.get(question) ?? 0) + 1;
    this.#asked.set(question, times);
    if (this.isAway) return 'none';
    if (this.isMended) return 'both';
    const thrown = this.#dice.number(`${question}/${times}`);
    return thrown < 0.05 ? 'none' : thrown < 0.13 ? 'there' : 'both';
  }

  #stateOf(order: BankOrder): StatusOutcome {
    if (order.state === 'declined') return { kind: 'failed' };
    if (order.state === 'open') return { kind: this.#clock.now() > order.expiresAtMs ? 'expired' : 'pending' };
    const { amountTyiyn, paidAtMs, externalId: providerReference } = order;
    return { kind: 'succeeded', amountTyiyn, currency: 'KGS', paidAtMs, providerReference };
  }

  #orderOf(externalId: string): BankOrder | undefined {
    return [...this.orders.values()].find((each) => each.externalId === externalId);
  }

  tellAgain(externalId: string): ProviderNotice | null {
    const order = this.#orderOf(externalId);
    return order?.state === 'paid' ? noticeOf(order) : null;
  }

  settle(externalId: string, how: 'pays' | 'declines'): ProviderNotice | null {
    const order = this.#orderOf(externalId);
    if (order === undefined || order.state !== 'open' || this.#clock.now() > order.expiresAtMs) return null;
    order.state = how === 'pays' ? 'paid' : 'declined';
    order.paidAtMs = this.#clock.now();
    order.changedAtMs = this.#clock.now();
    return noticeOf(order);
  }

  readonly provider: PaymentProvider = {
    name: 'elqr',
    capabilities: { statusQuery: true, refund: 'partial', cancelUnpaid: false, signedWebhook: true },
    takesOrders: () => !this.isAway,
    create: async (request): Promise<CreateOutcome> => {
      const way = this.#way('create', request.providerKey);
      if (way === 'none') return { kind: 'unknown' };
      const { providerKey, amountTyiyn, expiresAtMs } = request;
      const externalId = this.orders.get(providerKey)?.externalId ?? `order-${this.orders.size + 1}`;
      if (!this.orders.has(providerKey)) {
        const fresh = { state: 'open', paidAtMs: 0, changedAtMs: this.#clock.now(), isForgotten: false } as const;
        this.orders.set(providerKey, {
          providerKey,
          externalId,
          amountTyiyn,
          expiresAtMs,
          refunds: new Map(),
          ...fresh,
        });
      }
      if (way === 'there') return { kind: 'unknown' };
      const url = `https://bank.example/${externalId}`;
      return { kind: 'requires_action', externalId, action: { type: 'qr', payload: url, url, expiresAtMs } };
    },
    status: async ({ providerKey }): Promise<StatusOutcome> => {
      if (this.#way('status', providerKey) !== 'both') return { kind: 'unknown' };
      const order = this.orders.get(providerKey);
      return order === undefined ? { kind: 'not_found' } : this.#stateOf(order);
    },
    refund: async ({ providerKey, refundKey, amountTyiyn }): Promise<RefundOutcome> => {
      const way = this.#way('refund', refundKey);
      if (way === 'none') return { kind: 'unknown' };
      const order = this.orders.get(providerKey);
      if (order?.state !== 'paid') return { kind: 'failed', reason: 'no such payment', retryable: false };
      order.refunds.set(refundKey, amountTyiyn);
      order.changedAtMs = this.#clock.now();
      return way === 'there' ? { kind: 'unknown' } : { kind: 'succeeded', providerReference: refundKey };
    },
    refundStatus: async ({ providerKey, refundKey }): Promise<RefundStatusOutcome> => {
      if (this.#way('refund-status', refundKey) !== 'both') return { kind: 'unknown' };
      const isMade = this.orders.get(providerKey)?.refunds.has(refundKey) === true;
      return isMade ? { kind: 'succeeded', providerReference: refundKey } : { kind: 'not_found' };
    },
    parseWebhook: ({ rawBody }) => {
      try {
        return ok(readNotice(rawBody));
      } catch {
        return refuse({ code: 'malformed' });
      }
    },
  };
}

/** Rule 2 is judged by these books, not by ours. */
export const createBank = (dice: Dice, clock: Clock): Bank => new SimulatedBank(dice, clock);
