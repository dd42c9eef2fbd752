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
import type { Order } from './order-book.ts';
import type { SandboxLog } from './sandbox-log.ts';

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
  readonly acknowledged: (orderId: string) => Promise<void>;
}): WebhookDelivery {
  const { signingKey, clock, log, acknowledged } = options;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const atOnce = bulkhead(32, Number.POSITIVE_INFINITY);
  const running = new Set<Promise<void>>();

  async function attempt(order: Order): Promise<boolean> {
    assert(order.webhookUrl !== null, 'a webhook is due only where one is wanted');
    const url = new URL(order.webhookUrl);
    const { body, headers } = order.isUnsigned === true ? unsigned(order) : await signed(order, url);
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.ok;
  }

  async function signed(order: Order, url: URL) {
    const body = webhookBody(order);
    const headers = { 'x-api-timestamp': String(clock.now()) };
    const signature = await signRequest({ method: 'POST', url, headers, body }, signingKey);
    return { body, headers: { ...headers, signature } };
  }

  async function deliver(order: Order): Promise<void> {
    for (let made = 0; made < ATTEMPTS && !stopping.signal.aborted; made += 1) {
      if (await atOnce.execute(() => attempt(order)).catch(() => false)) return acknowledged(order.orderId);
      const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** made) * (0.8 + 0.4 * Math.random());
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
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

const unsigned = (order: Order) => ({
  body: JSON.stringify(bakaiMessage(order, BigInt(order.amountTyiyn))),
  headers: {},
});

function webhookBody(order: Order): string {
  const { settlement } = order;
  assert(settlement, 'a webhook is due only for a settled order');
  const amount = toWireSom(BigInt(order.amountTyiyn));
  return canonicalJson({
    id: settlement.eventId,
    accountId: order.accountId,
    amount,
    fee: 0,
    net: amount,
    fields: { paymentId: order.paymentId },
    item: { id: order.orderId },
    receiptNumber: settlement.transactionId.slice(0, 8),
    requestDate: order.createdAtMs,
    transactionDate: settlement.atMs,
    transactionId: settlement.transactionId,
    transactionType: 'DEBIT',
    status: settlement.outcome === 'paid' ? 'SUCCEEDED' : 'FAILED',
  });
}
