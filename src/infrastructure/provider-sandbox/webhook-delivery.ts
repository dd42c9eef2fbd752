import type { KeyObject } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { bulkhead } from 'cockatiel';
import { assert } from '../../kernel/assert.ts';
import type { Clock } from '../../kernel/time.ts';
import { canonicalJson } from '../payment-providers/finik/canonical-json.ts';
import { signRequest } from '../payment-providers/finik/signature.ts';
import { toWireSom } from '../payment-providers/wire-som.ts';
import { bakaiMessage } from './bakai-routes.ts';
import type { FaultBook } from './faults.ts';
import { chargedTyiyn, type Order, type Settlement } from './order-book.ts';
import type { SandboxLog } from './sandbox-log.ts';
import { isToBeRefused, messagesOf, type WebhookTwist } from './webhook-faults.ts';

export type WebhookDelivery = {
  /** Sends until the merchant acknowledges, at most `ATTEMPTS` times. */
  deliver(order: Order): void;
  stop(): Promise<void>;
};

/** With the delays below about three minutes; what is then unacknowledged is sent again after the next start. */
const ATTEMPTS = 14;
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 30_000;
const ATTEMPT_TIMEOUT_MS = 5_000;

export function createWebhookDelivery(options: {
  readonly signingKey: KeyObject;
  readonly clock: Clock;
  readonly log: SandboxLog;
  readonly acknowledged: (order: Order) => Promise<void>;
  readonly faults: FaultBook;
  /** How late a late message is. */
  readonly lateMs: number;
}): WebhookDelivery {
  const { signingKey, clock, log, acknowledged, faults, lateMs } = options;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const atOnce = bulkhead(32, Number.POSITIVE_INFINITY);
  const running = new Set<Promise<void>>();
  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  async function send(order: Order, twist: WebhookTwist): Promise<boolean> {
    assert(order.webhookUrl !== null, 'a webhook is due only where one is wanted');
    const url = new URL(order.webhookUrl);
    const message = order.isUnsigned === true ? unsigned(order, url, twist) : await signed(order, url, twist);
    const response = await fetch(message.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...message.headers, 'content-type': 'application/json' },
      body: message.body,
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    // Who takes what he should refuse has acknowledged nothing.
    return response.ok && !isToBeRefused(twist);
  }

  /** Whether the merchant has acknowledged all that this attempt told. */
  async function attempt(order: Order): Promise<boolean> {
    const fault = faults.take(order.paymentId, 'webhook');
    if (fault === 'late') await pause(lateMs);
    for (const together of messagesOf(fault)) {
      const answers = await Promise.all(together.map((twist) => atOnce.execute(() => send(order, twist))));
      if (answers.includes(false)) return false;
    }
    return true;
  }

  async function signed(order: Order, url: URL, twist: WebhookTwist) {
    const { hasWrongSignature = false, ageMs = 0 } = twist;
    const body = webhookBody(order, twist);
    const headers = { 'x-api-timestamp': String(clock.now() - ageMs) };
    const text = hasWrongSignature ? `${body} ` : body;
    const signature = await signRequest({ method: 'POST', url, headers, body: text }, signingKey);
    return { url, body, headers: { ...headers, signature } };
  }

  async function deliver(order: Order): Promise<void> {
    for (let made = 0; made < ATTEMPTS && !stopping.signal.aborted; made += 1) {
      if (await attempt(order).catch(() => false)) return acknowledged(order);
      await pause(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** made) * (0.8 + 0.4 * Math.random()));
    }
    if (!stopping.signal.aborted) log.warn({ orderId: order.orderId }, 'the merchant does not acknowledge a webhook');
  }

  return {
    deliver(order) {
      const delivery = deliver(order)
        .catch((error: unknown) => log.warn({ orderId: order.orderId, error }, 'a webhook could not be sent'))
        .finally(() => running.delete(delivery));
      running.add(delivery);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

/** Only the address proves who sends it. */
function unsigned(order: Order, url: URL, { isOfEarlierTry = false, hasWrongSignature = false }: WebhookTwist) {
  const { settlement } = order;
  assert(settlement, 'a webhook is due only for a settled order');
  const told: Order = isOfEarlierTry ? { ...order, settlement: earlierTry(settlement, order) } : order;
  return {
    url: hasWrongSignature ? new URL(`${url.href}-not`) : url,
    headers: {},
    body: JSON.stringify(bakaiMessage(told, chargedTyiyn(order))),
  };
}

/** A refused try a moment before a payment. */
const earlierTry = ({ eventId, transactionId, atMs }: Settlement, { createdAtMs }: Order): Settlement => ({
  outcome: 'declined',
  eventId: `${eventId}-before`,
  transactionId: `${transactionId}-before`,
  atMs: Math.max(createdAtMs, atMs - 1000),
});

function webhookBody(order: Order, { isOfEarlierTry = false }: WebhookTwist): string {
  assert(order.settlement, 'a webhook is due only for a settled order');
  const { outcome, eventId, transactionId, atMs } = isOfEarlierTry
    ? earlierTry(order.settlement, order)
    : order.settlement;
  const amount = toWireSom(chargedTyiyn(order));
  return canonicalJson({
    id: eventId,
    accountId: order.accountId,
    amount,
    fee: 0,
    net: amount,
    fields: { paymentId: order.paymentId },
    item: { id: order.orderId },
    receiptNumber: transactionId.slice(0, 8),
    requestDate: order.createdAtMs,
    transactionDate: atMs,
    transactionId,
    transactionType: 'DEBIT',
    status: outcome === 'paid' ? 'SUCCEEDED' : 'FAILED',
  });
}
