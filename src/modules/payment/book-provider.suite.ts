import { createHash } from 'node:crypto';
import { ok, refuse } from '../../kernel/result.ts';
import type { Clock } from '../../kernel/time.ts';
import type { PaymentProvider, ProviderCapabilities, WebhookRequest } from './contract.ts';

type Charge = { readonly reference: string; readonly amountTyiyn: bigint; readonly atMs: number };
type Order = {
  readonly providerKey: string;
  readonly amountTyiyn: bigint;
  readonly expiresAtMs: number;
  ended: 'declined' | 'expired' | null;
  readonly charges: Charge[];
  /** What was given back, by key. */
  readonly refunds: Map<string, bigint>;
};
type Message = Omit<WebhookRequest, 'nowMs'>;

/** A provider in memory: its book is what it truly holds of everybody's money. */
export type BookProvider = {
  readonly provider: PaymentProvider;
  readonly orders: ReadonlyMap<string, Order>;
  /** Newest last; nobody has to take them. */
  readonly messages: Message[];
  /** Whether calls reach it. */
  isAway: boolean;
  /** Money comes in for an order, whatever became of it before; twice is two charges. */
  charge(providerKey: string, reference?: string): Message;
  decline(providerKey: string): Message;
  /** What it holds for us: charges without refunds. */
  holdsTyiyn(): bigint;
};

export const sumOf = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((sum, amount) => sum + amount, 0n);

const PROOF = 'signed by the book';
const nameOf = (providerKey: string): string => createHash('sha256').update(providerKey).digest('hex').slice(0, 16);

export function createBookProvider(
  name: 'elqr' | 'elcard',
  capabilities: ProviderCapabilities,
  clock: Clock,
): BookProvider {
  const orders = new Map<string, Order>();
  const messages: Message[] = [];
  const away = { kind: 'failed', reason: 'provider_unreachable', retryable: true } as const;

  const orderOf = (providerKey: string): Order => {
    const order = orders.get(providerKey);
    if (order === undefined) throw new Error(`no order ${providerKey}`);
    if (order.charges.length === 0 && order.ended === null && clock.now() >= order.expiresAtMs) order.ended = 'expired';
    return order;
  };

  function tell(providerKey: string, says: object): Message {
    const rawBody = Buffer.from(JSON.stringify({ event: `event ${messages.length}`, key: providerKey, ...says }));
    const message = { rawBody, headers: { proof: PROOF } };
    messages.push(message);
    return message;
  }

  const provider: PaymentProvider = {
    name,
    capabilities,
    takesOrders: () => !book.isAway,
    async create({ providerKey, amountTyiyn, expiresAtMs }) {
      if (book.isAway) return away;
      const known = orders.get(providerKey);
      if (known !== undefined && known.amountTyiyn !== amountTyiyn) return { kind: 'unknown' };
      if (known === undefined) {
        orders.set(providerKey, {
          providerKey,
          amountTyiyn,
          expiresAtMs,
          ended: null,
          charges: [],
          refunds: new Map(),
        });
      }
      const url = `http://book.example/${providerKey}`;
      const action = { type: 'redirect', payload: url, url, expiresAtMs } as const;
      return { kind: 'requires_action', externalId: nameOf(providerKey), action };
    },
    async status({ providerKey }) {
      if (book.isAway || !capabilities.statusQuery) return { kind: 'unknown' };
      if (!orders.has(providerKey)) return { kind: 'not_found' };
      const { charges, ended } = orderOf(providerKey);
      const [charge] = charges;
      if (charge === undefined) {
        return { kind: ended === 'declined' ? 'failed' : (ended ?? 'pending') };
      }
      const { amountTyiyn, atMs: paidAtMs, reference: providerReference } = charge;
      return { kind: 'succeeded', amountTyiyn, currency: 'KGS', paidAtMs, providerReference };
    },
    async refund({ providerKey, refundKey, amountTyiyn }) {
      if (capabilities.refund === 'none') return { kind: 'failed', reason: 'no refunds', retryable: false };
      if (book.isAway) return away;
      const { charges, refunds } = orderOf(providerKey);
      const known = refunds.get(refundKey);
      const isLeft = sumOf(refunds.values()) + amountTyiyn <= sumOf(charges.map((charge) => charge.amountTyiyn));
      if (known === undefined ? !isLeft : known !== amountTyiyn) {
        return { kind: 'failed', reason: 'not that much is left', retryable: false };
      }
      refunds.set(refundKey, amountTyiyn);
      return { kind: 'succeeded', providerReference: refundKey };
    },
    async refundStatus({ providerKey, refundKey }) {
      if (book.isAway) return { kind: 'unknown' };
      const isOut = orders.get(providerKey)?.refunds.has(refundKey) === true;
      return isOut ? { kind: 'succeeded', providerReference: refundKey } : { kind: 'not_found' };
    },
    parseWebhook({ rawBody, headers, nowMs }) {
      if (headers['proof'] !== PROOF) return refuse({ code: 'bad_signature' });
      const said = JSON.parse(Buffer.from(rawBody).toString()) as Record<string, string>;
      const { event = '', key = '', reference = '', amount = '0' } = said;
      const about = {
        eventId: event,
        providerKey: key,
        ...(!capabilities.signedWebhook && { isUnsigned: true as const }),
      };
      if (said['state'] === 'failed') return ok({ ...about, outcome: { kind: 'failed', reason: 'declined' } });
      const money = { amountTyiyn: BigInt(amount), currency: 'KGS', paidAtMs: nowMs, providerReference: reference };
      return ok({ ...about, outcome: { kind: 'succeeded', ...money } });
    },
  };

  const book: BookProvider = {
    provider,
    orders,
    messages,
    isAway: false,
    charge(providerKey, given) {
      const { charges, amountTyiyn } = orderOf(providerKey);
      const reference = given ?? `${name} ${nameOf(providerKey)}/${charges.length + 1}`;
      charges.push({ reference, amountTyiyn, atMs: clock.now() });
      return tell(providerKey, { state: 'paid', amount: amountTyiyn.toString(), reference });
    },
    decline(providerKey) {
      orderOf(providerKey).ended = 'declined';
      return tell(providerKey, { state: 'failed' });
    },
    holdsTyiyn: () =>
      sumOf(
        [...orders.values()].map(
          ({ charges, refunds }) => sumOf(charges.map(({ amountTyiyn }) => amountTyiyn)) - sumOf(refunds.values()),
        ),
      ),
  };
  return book;
}
