import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { sandboxElqrLink } from '../../main/elqr-links.ts';
import type { PaymentProvider } from '../../modules/payment/contract.ts';
import { createManualClock } from '../clock.ts';
import { createElcardProvider } from '../payment-providers/elcard/elcard-provider.ts';
import type { HttpFetch } from '../outgoing-http/http-fetch.ts';
import { ensureKeyPair } from '../payment-providers/key-pair.ts';
import { SANDBOX_ELCARD_CLIENT, SANDBOX_ELCARD_PATH, sandboxKeyFile, startProviderSandbox } from './start-sandbox.ts';

/** Making keys is slow, and who has which key matters in no test here. */
const keyFile = join(await mkdtemp(join(tmpdir(), 'skypark-elcard-')), 'key.pem');
const { publicKeyPem } = await ensureKeyPair(keyFile);
afterAll(() => rm(dirname(keyFile), { recursive: true }));

async function bank(http: HttpFetch = fetch, secret = SANDBOX_ELCARD_CLIENT.clientSecret) {
  const dataDir = await mkdtemp(join(tmpdir(), 'skypark-elcard-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  await copyFile(keyFile, sandboxKeyFile(dataDir));
  const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
  const log = { info: () => undefined, warn: () => undefined };
  const start = async () => {
    const setting = { port: 0, dataDir, merchantPublicKeyPem: publicKeyPem, mode: 'demo', clock, log } as const;
    const sandbox = await startProviderSandbox({ ...setting, linkOf: sandboxElqrLink });
    onTestFinished(() => sandbox.stop());
    const baseUrl = `${sandbox.url}${SANDBOX_ELCARD_PATH}`;
    const access = { ...SANDBOX_ELCARD_CLIENT, clientSecret: secret, authMode: 'client_credentials', baseUrl } as const;
    return { sandbox, provider: createElcardProvider({ ...access, clock, http }) };
  };
  const newOrder = () => ({
    paymentId: randomUUID(),
    providerKey: randomUUID(),
    amountTyiyn: 105_050n,
    description: 'ticket',
    returnUrl: 'http://127.0.0.1/return',
    externalId: null as string | null,
    expiresAtMs: clock.now() + 900_000,
  });
  return { ...(await start()), start, clock, newOrder };
}

async function created(provider: PaymentProvider, order: ReturnType<Awaited<ReturnType<typeof bank>>['newOrder']>) {
  const outcome = await provider.create(order);
  if (outcome.kind !== 'requires_action') throw new Error(JSON.stringify(outcome));
  return { ...order, externalId: outcome.externalId, action: outcome.action };
}

const act = async (url: string, what: string) => (await fetch(`${url}/${what}`, { method: 'POST' })).status;

describe('an ElCard order', () => {
  test('expires by itself at its time, and one nobody made is not found', async () => {
    const { provider, newOrder, clock } = await bank();
    const order = await created(provider, newOrder());
    clock.advance(900_001);
    expect(await act(order.action.url, 'pay')).toBe(409);
    expect(await provider.status(order)).toEqual({ kind: 'expired' });
    expect(await provider.status(newOrder())).toMatchObject({ kind: 'not_found' });
  });
});

describe('an ElCard refund', () => {
  const refund = (order: { providerKey: string; externalId: string | null }, amountTyiyn: bigint) => ({
    ...order,
    refundKey: randomUUID(),
    amountTyiyn,
  });

  test('pays once a key, in parts, never more than was paid, and survives a restart', async () => {
    const { provider, sandbox, start, newOrder } = await bank();
    const order = await created(provider, newOrder());
    await act(order.action.url, 'pay');
    const [part, rest] = [refund(order, 5_050n), refund(order, 100_000n)];
    expect(await provider.refundStatus(part)).toEqual({ kind: 'not_found' });
    const outcomes = await Promise.all([provider.refund(part), provider.refund(part)]);
    expect(outcomes).toEqual([outcomes[0], outcomes[0]]);
    expect(outcomes[0]).toMatchObject({ kind: 'succeeded' });
    expect(await provider.refund({ ...part, amountTyiyn: 1n })).toMatchObject({ kind: 'failed', retryable: false });
    expect(await provider.refund(refund(order, 100_001n))).toMatchObject({ kind: 'failed', retryable: false });
    await sandbox.stop();
    const again = (await start()).provider;
    expect(await again.refundStatus(part)).toEqual(outcomes[0]);
    // Without the order's name at the bank, which a lost answer leaves us without.
    expect(await again.refund({ ...rest, externalId: null })).toMatchObject({ kind: 'succeeded' });
    expect(await again.refund(refund(order, 1n))).toMatchObject({ kind: 'failed' });
  });

  test('of many sums at once never exceeds what was paid', async () => {
    const { provider, newOrder } = await bank();
    const order = await created(provider, newOrder());
    await act(order.action.url, 'pay');
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => provider.refund(refund(order, 10_000n))));
    expect(outcomes.filter(({ kind }) => kind === 'succeeded')).toHaveLength(10);
  });

  test('of an unpaid order is refused', async () => {
    const { provider, newOrder } = await bank();
    const order = await created(provider, newOrder());
    expect(await provider.refund(refund(order, 1n))).toMatchObject({ kind: 'failed', retryable: false });
  });
});

describe('the access token', () => {
  /** Counts calls to the token endpoint. */
  function counting() {
    const asked = { tokens: 0 };
    const http: HttpFetch = (url, init) => {
      if (url.endsWith('/oauth/token')) asked.tokens += 1;
      return fetch(url, init);
    };
    return { asked, http };
  }

  test('is asked for once by calls that come together, and again before it ends', async () => {
    const { asked, http } = counting();
    const { provider, newOrder, clock } = await bank(http);
    await Promise.all(Array.from({ length: 10 }, () => provider.create(newOrder())));
    expect(asked.tokens).toBe(1);
    clock.advance(269_999);
    await provider.status(newOrder());
    expect(asked.tokens).toBe(1);
    clock.advance(1);
    await provider.status(newOrder());
    expect(asked.tokens).toBe(2);
  });

  test('that the bank has forgotten is renewed once within the call', async () => {
    const { asked, http } = counting();
    let forgets = 0;
    const { provider, newOrder } = await bank((url, init) => {
      const isForgotten = url.endsWith('.do') && forgets > 0;
      if (isForgotten) forgets -= 1;
      return isForgotten ? Promise.resolve(new Response('{}', { status: 401 })) : http(url, init);
    });
    await created(provider, newOrder());
    forgets = 1;
    await created(provider, newOrder());
    expect(asked.tokens).toBe(2);
    forgets = 2;
    expect(await provider.status(newOrder())).toEqual({ kind: 'unknown' });
    expect(asked.tokens).toBe(3);
  });

  test('refused for a wrong secret, nothing was asked of the bank: the payer may try again', async () => {
    const { provider, newOrder } = await bank(fetch, 'wrong');
    expect(await provider.create(newOrder())).toEqual({
      kind: 'failed',
      reason: 'provider_unreachable',
      retryable: true,
    });
  });
});
