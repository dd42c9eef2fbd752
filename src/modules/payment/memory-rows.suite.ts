import type { EventCodec } from '../../kernel/event-codec.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { KeptWebhook, Payments, PaymentView, Refunds, StoredWebhook, WebhookInbox } from './application/ports.ts';
import type { PaymentEvent } from './domain/payment-messages.ts';
import { evolvePayment, initialPayment, isOpen, receivedTyiyn, type PaymentState } from './domain/payment-state.ts';

/** Every payment of a log as it is now, in the order in which they began. */
export type PaymentStates = () => Promise<ReadonlyMap<string, PaymentState>>;

export function createPaymentStates(store: EventStore, codec: EventCodec): PaymentStates {
  const states = new Map<string, PaymentState>();
  let position = 0;
  return async () => {
    for (const stored of await store.read(position, 1_000_000)) {
      // Another question may have folded it meanwhile.
      if (stored.position !== position + 1) continue;
      position = stored.position;
      if (stored.aggregateType !== 'Payment') continue;
      const { type, data } = await codec.decode(stored);
      const before = states.get(stored.streamId) ?? initialPayment;
      states.set(stored.streamId, evolvePayment(before, { type, data } as PaymentEvent));
    }
    return states;
  };
}

const intentOf = ({ intent }: PaymentState) => {
  if (intent === null) throw new Error('a payment begins with its intent');
  return intent;
};

function viewOf(state: PaymentState): PaymentView {
  const { paymentId, ticketId, userId, parkId, amountTyiyn, method, intendedAtMs: createdAtMs } = intentOf(state);
  const status = state.status === 'expired' ? 'failed' : state.status;
  const { externalId, action } = state;
  return { paymentId, ticketId, userId, parkId, amountTyiyn, method, status, externalId, action, createdAtMs };
}

/** The read model of payments, folded from the log whenever it is asked. It tells no page from another: all fits in one. */
export function createMemoryPayments(statesOf: PaymentStates): Payments {
  const all = async () => [...(await statesOf()).values()];
  const views = async () => (await all()).map(viewOf);
  const openOf = (state: PaymentState) => {
    const { paymentId, providerKey, method, intendedAtMs: createdAtMs, expiresAtMs } = intentOf(state);
    return { paymentId, providerKey, externalId: state.externalId, method, createdAtMs, expiresAtMs };
  };
  return {
    find: async (paymentId) => (await views()).find((view) => view.paymentId === paymentId) ?? null,
    ofTicket: async (ticketId) => (await views()).filter((view) => view.ticketId === ticketId),
    ofTickets: async (ticketIds) => (await views()).filter((view) => ticketIds.includes(view.ticketId)),
    hasAnyOf: async (ticketIds) => (await views()).some((view) => ticketIds.includes(view.ticketId)),
    async idByProviderKey(providerKey) {
      const found = (await all()).find((state) => intentOf(state).providerKey === providerKey);
      return found === undefined ? null : intentOf(found).paymentId;
    },
    async openOfTicket(ticketId, method, nowMs) {
      const found = (await all()).find((state) => {
        const intent = intentOf(state);
        return isOpen(state) && intent.ticketId === ticketId && intent.method === method && intent.expiresAtMs > nowMs;
      });
      return found === undefined ? null : viewOf(found);
    },
    async unsettled(after, _limit, unasked) {
      if (after !== null) return [];
      const open = (await all()).flatMap((state) => {
        const { status } = state;
        return status === 'pending' || status === 'unknown' ? [{ ...openOf(state), status }] : [];
      });
      return open.filter(
        ({ status, externalId, method }) => !(status === 'unknown' && externalId !== null && unasked.includes(method)),
      );
    },
    async unpaid(fromMs, after) {
      if (after !== null) return [];
      const ended = (await all()).filter((state) => !isOpen(state) && receivedTyiyn(state) === 0n);
      return ended.map(openOf).filter(({ expiresAtMs }) => expiresAtMs > fromMs);
    },
  };
}

export const createMemoryRefunds = (statesOf: PaymentStates): Pick<Refunds, 'open'> => ({
  async open(after) {
    if (after !== null) return [];
    return [...(await statesOf())].flatMap(([paymentId, { refunds }]) =>
      refunds
        .filter(({ status }) => status === 'requested' || status === 'submitted' || status === 'unknown')
        .map(({ refundId, submission }) => {
          return { paymentId, refundId, requestedAtMs: 0, submittedAtMs: submission?.submittedAtMs ?? null };
        }),
    );
  },
});

export function createMemoryInbox(): WebhookInbox {
  const rows = new Map<string, { message: KeptWebhook; applied: boolean; nextTryAtMs: number }>();
  const keyOf = ({ provider, eventId, rawBody }: StoredWebhook): string =>
    JSON.stringify([provider, eventId, Buffer.from(rawBody).toString('hex')]);
  const waiting = () => [...rows.values()].filter(({ applied }) => !applied);
  return {
    async keep(message) {
      const key = keyOf(message);
      if (rows.has(key)) return false;
      rows.set(key, { message: { ...message, attempts: 0 }, applied: false, nextTryAtMs: 0 });
      return true;
    },
    unapplied: async (nowMs, limit) =>
      waiting()
        .filter(({ nextTryAtMs }) => nextTryAtMs <= nowMs)
        .slice(0, limit)
        .map(({ message }) => message),
    async markApplied(message) {
      const row = rows.get(keyOf(message));
      if (row !== undefined) row.applied = true;
    },
    async postpone(message, nextTryAtMs) {
      const row = rows.get(keyOf(message));
      if (row === undefined) return;
      row.nextTryAtMs = nextTryAtMs;
      row.message = { ...row.message, attempts: row.message.attempts + 1 };
    },
    backlog: async () => ({ waiting: waiting().length, oldestAtMs: null }),
    // It lives for less than half a year.
    forgetApplied: async () => 0,
  };
}
