import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { ReceiveWebhook } from '../application/receive-webhook.ts';
import type { PaymentProvider } from '../contract.ts';

/** Messages of providers are small; a larger body is not one. */
const MOST_BYTES = 20 * 1024;

export const providerWebhookRoute = (providers: ReadonlyMap<string, PaymentProvider>, receive: ReceiveWebhook) =>
  defineRoute({
    method: 'POST',
    path: '/payments/webhooks/:provider',
    operationId: 'receiveProviderWebhook',
    summary: 'For payment providers: what became of a payment',
    description: 'Signed by the provider; kept before it is acknowledged; applied once however often it comes.',
    tag: 'payments',
    access: { kind: 'public' },
    limits: ['webhook'],
    params: Type.Object({ provider: Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 30, example: 'elqr' }) }),
    headers: Type.Object({}),
    rawBody: true,
    bodyExample: { id: 'c0ffee', status: 'SUCCEEDED', transactionId: '7f1d', amount: 350 },
    bodyLimitBytes: MOST_BYTES,
    responses: { 204: { description: 'Kept' } },
    problems: ['not_found', 'webhook_refused'],
    async handle({ params, headers, rawBody }) {
      const provider = providers.get(params.provider);
      if (provider === undefined) return problem('not_found');
      const received = await receive(provider, { rawBody: rawBody ?? new Uint8Array(), headers: textHeaders(headers) });
      return received.ok ? { status: 204 } : problem('webhook_refused', { extra: { reason: received.refusal.code } });
    },
  });

const textHeaders = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
