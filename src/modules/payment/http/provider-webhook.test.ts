import { expect, test } from 'vitest';
import { startFixture } from '../../../infrastructure/http/http-fixture.ts';
import { createWebhookReader } from '../../../infrastructure/payment-providers/bakai/webhook.ts';
import { ok } from '../../../kernel/result.ts';
import type { PaymentProvider } from '../contract.ts';
import { providerWebhookRoutes } from './provider-webhook.ts';

const guard = { accountNo: '1', secret: 'f3c1a9', senders: ['203.0.113.0/24', '2001:db8:7::/48', '2001:db8:9:1::5'] };
const told = {
  accountNo: '1',
  amount: 350,
  currencyID: 417,
  operationID: '0190a8f0000070008000000000000001',
  qrTransactionID: 'qr-1',
  operationState: 'success',
};

const provider: PaymentProvider = {
  name: 'elqr',
  capabilities: { statusQuery: false, refund: 'none', cancelUnpaid: false, signedWebhook: false },
  takesOrders: () => true,
  create: async () => ({ kind: 'unknown' }),
  status: async () => ({ kind: 'unknown' }),
  refund: async () => ({ kind: 'unknown' }),
  refundStatus: async () => ({ kind: 'unknown' }),
  parseWebhook: createWebhookReader(guard),
};

async function sentFrom(remoteAddress: string, forwarded?: string) {
  const routes = providerWebhookRoutes(new Map([['elqr', provider]]), async (teller, message) => {
    const parsed = teller.parseWebhook({ ...message, nowMs: 0 });
    return parsed.ok ? ok(null) : parsed;
  });
  const { app } = await startFixture({ routes, httpConfig: { trustedProxies: ['10.0.0.1'] } });
  const headers = {
    'content-type': 'application/json',
    ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
  };
  const url = `/api/v1/payments/webhooks/elqr/${guard.secret}`;
  const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(told), remoteAddress });
  await app.close();
  return answer.statusCode;
}

test.each<[remoteAddress: string, forwarded: string | undefined, status: number]>([
  ['203.0.113.7', undefined, 204],
  ['::ffff:203.0.113.7', undefined, 204],
  ['2001:db8:7:1::5', undefined, 204],
  ['2001:db8:9:1::5', undefined, 204],
  ['2001:db8:9:1::6', undefined, 401],
  ['198.51.100.1', undefined, 401],
  ['10.0.0.1', '2001:db8:7:1::5', 204],
  ['10.0.0.1', '2001:db8:8::5', 401],
  ['198.51.100.1', '203.0.113.7', 401],
])('a list of senders is compared with the very address: %s for %s is answered %i', async (from, forwarded, status) => {
  expect(await sentFrom(from, forwarded)).toBe(status);
});
