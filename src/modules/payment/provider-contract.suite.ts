import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ManualClock } from '../../infrastructure/clock.ts';
import type { CreateRequest, PaymentProvider, WebhookRequest } from './contract.ts';

/** A provider of money, the payer's side of it, and the line to it. */
export type ProviderBench = {
  readonly provider: PaymentProvider;
  readonly clock: ManualClock;
  /** The payer decides at the address that `create` answered. */
  readonly act: (url: string, what: 'pay' | 'decline' | 'expire') => Promise<void>;
  /** The newest message of the provider about an order, as it came; null where it sends none. */
  readonly message: (providerKey: string) => Promise<Omit<WebhookRequest, 'nowMs'> | null>;
  /** Whether the provider can be reached. */
  isAway: boolean;
};

const AMOUNTS_TYIYN = [1n, 99n, 35_000n, 105_050n, 99_999_999n];
const LIFE_MS = 900_000;

/** What everything that asks a payment provider relies on; whichever it is. */
export function describeProviderContract(name: string, open: () => Promise<ProviderBench>): void {
  describe(`the port of payment providers, ${name}`, () => {
    let bench: ProviderBench;
    beforeEach(async () => {
      bench = await open();
    });

    const newOrder = (amountTyiyn = 105_050n): CreateRequest => ({
      paymentId: randomUUID(),
      providerKey: randomUUID(),
      amountTyiyn,
      description: `Sky Park ticket ${randomUUID()}`,
      returnUrl: 'http://127.0.0.1/return',
      expiresAtMs: bench.clock.now() + LIFE_MS,
    });

    async function created(order = newOrder()) {
      const outcome = await bench.provider.create(order);
      if (outcome.kind !== 'requires_action') throw new Error(JSON.stringify(outcome));
      return { ...order, externalId: outcome.externalId, action: outcome.action };
    }

    async function paid(order = newOrder()) {
      const made = await created(order);
      await bench.act(made.action.url, 'pay');
      return made;
    }

    test('a new order tells what the payer has to do, and nothing of money', async () => {
      const order = newOrder();
      const { action, externalId } = await created(order);
      expect(action.expiresAtMs).toBe(order.expiresAtMs);
      expect(URL.canParse(action.url)).toBe(true);
      expect(externalId).not.toBe('');
    });

    test('called again under its key it is the same order, paid once', async () => {
      const order = newOrder();
      const [first, again] = [await created(order), await created(order)];
      expect(again.externalId).toBe(first.externalId);
      await bench.act(again.action.url, 'pay');
      await expect(bench.act(first.action.url, 'decline')).rejects.toThrow('409');
    });

    test('another sum under the same key is never an order of its own', async () => {
      const order = await created();
      const other = await bench.provider.create({ ...order, amountTyiyn: 1n });
      expect(other.kind).not.toBe('requires_action');
    });

    test('away, it is not believed to have anything, and the payer may choose another way', async () => {
      const order = await created();
      bench.isAway = true;
      expect(await bench.provider.create(newOrder())).toMatchObject({ kind: 'failed', retryable: true });
      expect(await bench.provider.status(order)).toEqual({ kind: 'unknown' });
      bench.isAway = false;
      expect((await created()).action.url).not.toBe(order.action.url);
    });

    test('asked how an order stands it tells the exact sum, or never says that it could be asked', async () => {
      const { provider } = bench;
      const ends = { pay: 'succeeded', decline: 'failed', expire: 'expired' } as const;
      if (!provider.capabilities.statusQuery)
        return expect(await provider.status(await paid())).toEqual({ kind: 'unknown' });
      expect(await provider.status({ ...newOrder(), externalId: null })).toEqual({ kind: 'not_found' });
      for (const what of ['pay', 'decline', 'expire'] as const) {
        const order = await created();
        expect(await provider.status(order)).toEqual({ kind: 'pending' });
        await bench.act(order.action.url, what);
        expect(await provider.status({ ...order, externalId: null })).toMatchObject({ kind: ends[what] });
      }
      for (const amountTyiyn of AMOUNTS_TYIYN) {
        const status = await provider.status(await paid(newOrder(amountTyiyn)));
        expect(status).toMatchObject({ kind: 'succeeded', amountTyiyn, currency: 'KGS' });
      }
    });

    test('a message tells the exact sum and its order, the same event each time; one without its proof is refused', async () => {
      const { provider, clock } = bench;
      const read = (message: Omit<WebhookRequest, 'nowMs'>) =>
        provider.parseWebhook({ ...message, nowMs: clock.now() });
      const forged = { rawBody: Buffer.from('{}'), headers: {} };
      expect(read(forged).ok).toBe(false);
      for (const amountTyiyn of AMOUNTS_TYIYN) {
        const { providerKey } = await paid(newOrder(amountTyiyn));
        const message = await bench.message(providerKey);
        if (message === null) return;
        const notice = read(message);
        expect(notice).toMatchObject({
          ok: true,
          value: { providerKey, outcome: { kind: 'succeeded', amountTyiyn, currency: 'KGS' } },
        });
        expect(read(message)).toEqual(notice);
        expect(read({ rawBody: message.rawBody, headers: {} }).ok).toBe(false);
        if (notice.ok) expect(notice.value.isUnsigned ?? false).toBe(!provider.capabilities.signedWebhook);
      }
      const { providerKey, action } = await created();
      await bench.act(action.url, 'decline');
      const declined = await bench.message(providerKey);
      if (declined !== null)
        expect(read(declined)).toMatchObject({ value: { providerKey, outcome: { kind: 'failed' } } });
    });

    test('gives back what it says it can: once a key, no more than came; or says that a person has to', async () => {
      const { provider } = bench;
      const order = await paid();
      const refund = (amountTyiyn: bigint) => ({ ...order, refundKey: randomUUID(), amountTyiyn });
      const whole = refund(order.amountTyiyn);
      if (provider.capabilities.refund === 'none') {
        return expect(await provider.refund(whole)).toMatchObject({ kind: 'failed', retryable: false });
      }
      const part = refund(5_050n);
      bench.isAway = true;
      expect(await provider.refund(part)).toMatchObject({ kind: 'failed', retryable: true });
      expect(await provider.refundStatus(part)).toEqual({ kind: 'unknown' });
      bench.isAway = false;
      expect(await provider.refundStatus(part)).toEqual({ kind: 'not_found' });
      const first = await provider.refund(part);
      expect(first).toMatchObject({ kind: 'succeeded' });
      expect(await provider.refund(part)).toEqual(first);
      expect(await provider.refundStatus(part)).toEqual(first);
      expect(await provider.refund(whole)).toMatchObject({ kind: 'failed', retryable: false });
      expect(await provider.refund(refund(order.amountTyiyn - 5_050n))).toMatchObject({ kind: 'succeeded' });
      expect(await provider.refund(refund(1n))).toMatchObject({ kind: 'failed', retryable: false });
    });
  });
}
