import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { createFinikElqrProvider } from './elqr-provider.ts';
import type { FinikElqrOptions } from './elqr-provider.ts';
import { readPrivateKey, signRequest } from './signature.ts';

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const nowMs = 1_795_000_000_000;
const providerKey = '0190a8f0-0000-7000-8000-000000000001';
const order = {
  paymentId: '0190a8f0-0000-7000-8000-000000000002',
  providerKey,
  amountTyiyn: 105_050n,
  description: 'Билет',
  returnUrl: 'http://127.0.0.1/return',
  expiresAtMs: nowMs + 900_000,
};

function provider(baseUrl: string, options: Partial<FinikElqrOptions> = {}) {
  return createFinikElqrProvider({
    apiKey: 'key',
    baseUrl,
    accountId: 'account',
    signingKeyPem: pair.privateKey,
    webhookPublicKeyPems: [pair.publicKey],
    webhookUrl: 'https://park.example/api/v1/payments/webhooks/elqr',
    clockSkewMs: 300_000,
    clock: { now: () => nowMs },
    http: fetch,
    amountOfLink: (link) => BigInt(link.split('#')[1] ?? '0'),
    timeoutMs: 300,
    repeats: { most: 0, firstPauseMs: 0 },
    ...options,
  });
}

/** A provider that behaves as told; counts how often it is asked. */
async function server(listener: RequestListener): Promise<{ readonly url: string; readonly asked: () => number }> {
  let asked = 0;
  const http = createServer((request, response) => {
    asked += 1;
    request.resume().on('end', () => listener(request, response));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  );
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return { url: `http://127.0.0.1:${address.port}`, asked: () => asked };
}

const answers = (status: number, headers: Record<string, string> = {}, body = '') =>
  server((_request, response) => response.writeHead(status, headers).end(body));

/** An address where nobody listens any more. */
async function nobody(): Promise<string> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  await new Promise((resolve) => http.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `http://127.0.0.1:${address.port}`;
}

describe('create', () => {
  test('a 302 is not followed; its address without the code is the page, with it what the QR holds', async () => {
    const { url, asked } = await answers(302, { location: 'http://127.0.0.1:1/page#105050' });
    expect(await provider(url).create(order)).toEqual({
      kind: 'requires_action',
      externalId: providerKey,
      action: {
        type: 'qr',
        payload: 'http://127.0.0.1:1/page#105050',
        url: 'http://127.0.0.1:1/page',
        expiresAtMs: order.expiresAtMs,
      },
    });
    expect(asked()).toBe(1);
  });

  test('201 with paymentUrl is the same; a page without a code is a redirect', async () => {
    const { url } = await answers(201, {}, '{"paymentUrl":"https://pay.example/page"}');
    expect(await provider(url).create(order)).toMatchObject({
      action: { type: 'redirect', payload: 'https://pay.example/page', url: 'https://pay.example/page' },
    });
  });

  test('a code whose amount is 100 times ours is never shown', async () => {
    const { url } = await answers(302, { location: 'http://127.0.0.1:1/page#10505000' });
    expect(await provider(url).create(order)).toEqual({
      kind: 'failed',
      reason: 'provider_link_differs',
      retryable: false,
    });
  });

  test.each([
    [400, { kind: 'failed', reason: 'provider_refused_400', retryable: false }],
    [403, { kind: 'failed', reason: 'provider_refused_403', retryable: false }],
    [429, { kind: 'failed', reason: 'provider_overloaded', retryable: true }],
    [408, { kind: 'unknown' }],
    [409, { kind: 'unknown' }],
    [500, { kind: 'unknown' }],
    [503, { kind: 'unknown' }],
    [307, { kind: 'unknown' }],
  ])('status %i is mapped', async (status, outcome) => {
    const { url } = await answers(status);
    expect(await provider(url).create(order)).toEqual(outcome);
  });

  test.each([
    ['200 with errors', 200, {}, '{"errors":[{"message":"no"}]}'],
    ['201 without an address', 201, {}, '{}'],
    ['201 with broken JSON', 201, {}, '{'],
    ['302 without a Location', 302, {}, ''],
    ['302 to a script', 302, { location: 'javascript:alert(1)' }, ''],
    ['an answer without end', 201, {}, `{"paymentUrl":"https://pay.example/${'x'.repeat(70_000)}"}`],
  ])('%s leaves the outcome unknown', async (_what, status, headers, body) => {
    const { url } = await answers(status, headers, body);
    expect(await provider(url).create(order)).toEqual({ kind: 'unknown' });
  });

  test('silence, a body that stalls and a broken connection leave it unknown within the timeout', async () => {
    const silent = await server(() => undefined);
    const stalling = await server((_request, response) =>
      response.writeHead(201, { 'content-length': '99' }).write('{'),
    );
    const breaking = await server((request) => request.socket.destroy());
    const outcomes = await Promise.all([silent, stalling, breaking].map(({ url }) => provider(url).create(order)));
    expect(outcomes).toEqual([{ kind: 'unknown' }, { kind: 'unknown' }, { kind: 'unknown' }]);
  });

  test('a provider that was never reached has created nothing', async () => {
    expect(await provider(await nobody()).create(order)).toEqual({
      kind: 'failed',
      reason: 'provider_unreachable',
      retryable: true,
    });
  });

  test('after faults in a row create is refused at once, status goes on, and refusals of orders are no faults', async () => {
    const broken = await answers(503);
    const subject = provider(broken.url, { breaker: { failures: 2, openMs: 60_000 } });
    await subject.create(order);
    await subject.create(order);
    expect(await subject.create(order)).toEqual({ kind: 'failed', reason: 'provider_unavailable', retryable: true });
    expect(broken.asked()).toBe(2);
    expect(await subject.status({ providerKey, externalId: null })).toEqual({ kind: 'unknown' });
    expect(broken.asked()).toBe(3);
    const refusing = await answers(400);
    const other = provider(refusing.url, { breaker: { failures: 2, openMs: 60_000 } });
    for (let call = 0; call < 4; call += 1) await other.create(order);
    expect(refusing.asked()).toBe(4);
  });
});

describe('status', () => {
  const about = {
    PaymentId: providerKey,
    accountId: 'account',
    amount: 1050.5,
    transactionId: 't',
    transactionDate: nowMs,
  };
  test.each([
    [
      'SUCCEEDED',
      { kind: 'succeeded', amountTyiyn: 105_050n, currency: 'KGS', paidAtMs: nowMs, providerReference: 't' },
    ],
    ['PENDING', { kind: 'pending' }],
    ['FAILED', { kind: 'failed' }],
    ['EXPIRED', { kind: 'expired' }],
    ['REVERSED', { kind: 'unknown' }],
  ])('%s is told', async (status, outcome) => {
    const { url } = await answers(200, {}, JSON.stringify({ ...about, status }));
    expect(await provider(url).status({ providerKey, externalId: null })).toEqual(outcome);
  });

  test.each([
    { PaymentId: 'other' },
    { accountId: 'other' },
    { amount: 1050.505 },
    { amount: '1050.50' },
    { transactionId: '' },
  ])('an answer about something else or without an exact amount is unknown: %j', async (difference) => {
    const { url } = await answers(200, {}, JSON.stringify({ ...about, status: 'SUCCEEDED', ...difference }));
    expect(await provider(url).status({ providerKey, externalId: null })).toEqual({ kind: 'unknown' });
  });

  test('404 is not_found; silence and no connection are unknown', async () => {
    expect(await provider((await answers(404)).url).status({ providerKey, externalId: null })).toEqual({
      kind: 'not_found',
    });
    expect(await provider(await nobody()).status({ providerKey, externalId: null })).toEqual({ kind: 'unknown' });
    const silent = await server(() => undefined);
    expect(await provider(silent.url, { timeoutMs: 50 }).status({ providerKey, externalId: null })).toEqual({
      kind: 'unknown',
    });
  });
});

describe('webhook', () => {
  const notice = {
    id: 'event',
    accountId: 'account',
    amount: 1050.5,
    fields: { paymentId: providerKey },
    transactionId: 'transaction',
    transactionDate: nowMs,
    status: 'SUCCEEDED',
  };
  async function parse(body: object, timestampMs = nowMs) {
    const text = canonicalJson({ ...body });
    const url = new URL('https://park.example/api/v1/payments/webhooks/elqr');
    const headers = { 'x-api-timestamp': String(timestampMs) };
    const signature = await signRequest({ method: 'POST', url, headers, body: text }, readPrivateKey(pair.privateKey));
    return provider('http://127.0.0.1:1').parseWebhook({
      rawBody: Buffer.from(text),
      headers: { ...headers, signature },
      nowMs,
    });
  }

  test('a verified notice tells event, order, amount in tyiyn and reference', async () => {
    expect(await parse(notice)).toEqual({
      ok: true,
      value: {
        eventId: 'event',
        providerKey,
        outcome: {
          kind: 'succeeded',
          amountTyiyn: 105_050n,
          currency: 'KGS',
          paidAtMs: nowMs,
          providerReference: 'transaction',
        },
      },
    });
    expect(await parse({ ...notice, status: 'FAILED' })).toMatchObject({
      value: { outcome: { kind: 'failed', reason: 'declined' } },
    });
  });

  test('another account, a bad body, an old timestamp or a missing signature is refused by name', async () => {
    expect(await parse({ ...notice, accountId: 'other' })).toEqual({ ok: false, refusal: { code: 'wrong_account' } });
    expect(await parse({ ...notice, fields: { paymentId: 'x' } })).toEqual({
      ok: false,
      refusal: { code: 'malformed' },
    });
    expect(await parse({ ...notice, amount: 1050.505 })).toEqual({ ok: false, refusal: { code: 'malformed' } });
    expect(await parse({ ...notice, amount: '1050.50' })).toEqual({ ok: false, refusal: { code: 'malformed' } });
    expect(await parse(notice, nowMs - 300_001)).toEqual({ ok: false, refusal: { code: 'stale_timestamp' } });
    const unsigned = { rawBody: Buffer.from(JSON.stringify(notice)), headers: {}, nowMs };
    expect(provider('http://127.0.0.1:1').parseWebhook(unsigned)).toEqual({
      ok: false,
      refusal: { code: 'bad_signature' },
    });
    const noise = { rawBody: Buffer.from([0xff, 0x00, 0x7b]), headers: { signature: '!' }, nowMs };
    expect(provider('http://127.0.0.1:1').parseWebhook(noise)).toEqual({
      ok: false,
      refusal: { code: 'bad_signature' },
    });
  });
});
