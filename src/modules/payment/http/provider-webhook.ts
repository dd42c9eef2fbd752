import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { ReceiveWebhook } from '../application/receive-webhook.ts';
import type { PaymentProvider } from '../contract.ts';

/** Messages of providers are small; a larger body is not one. */
const MOST_BYTES = 20 * 1024;

const provider = Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 30, example: 'elqr' });
const secret = Type.String({
  pattern: '^[A-Za-z0-9_-]+$',
  maxLength: 128,
  example: 'f3c1a9',
  description: 'What was agreed with the provider',
});

type Message = {
  readonly params: { readonly provider: string; readonly secret?: string };
  readonly headers: object;
  readonly rawBody: Buffer | undefined;
  readonly exactAddress: string;
};

const COMMON = {
  method: 'POST',
  tag: 'payments',
  access: { kind: 'public' },
  limits: ['webhook'],
  headers: Type.Object({}),
  rawBody: true,
  bodyLimitBytes: MOST_BYTES,
  responses: { 204: { description: 'Kept' } },
  problems: ['not_found', 'webhook_refused'],
} as const;

/** Where providers tell what became of a payment: one address for those that sign, one that ends with a secret for those that do not. */
export function providerWebhookRoutes(providers: ReadonlyMap<string, PaymentProvider>, receive: ReceiveWebhook) {
  async function handle({ params, headers, rawBody = Buffer.alloc(0), exactAddress }: Message) {
    const teller = providers.get(params.provider);
    if (teller === undefined) return problem('not_found');
    const message = { rawBody, headers: textHeaders(headers), secret: params.secret, clientAddress: exactAddress };
    const received = await receive(teller, message);
    return received.ok
      ? { status: 204 as const }
      : problem('webhook_refused', { extra: { reason: received.refusal.code } });
  }

  return [
    defineRoute({
      ...COMMON,
      path: '/payments/webhooks/:provider',
      operationId: 'receiveProviderWebhook',
      summary: 'For payment providers: what became of a payment',
      description: 'Signed by the provider; kept before it is acknowledged; applied once however often it comes.',
      params: Type.Object({ provider }),
      bodyExample: { id: 'c0ffee', status: 'SUCCEEDED', transactionId: '7f1d', amount: 350 },
      handle,
    }),
    defineRoute({
      ...COMMON,
      path: '/payments/webhooks/:provider/:secret',
      operationId: 'receiveUnsignedWebhook',
      summary: 'The same for providers that do not sign',
      description:
        'Believed for the secret in its address, or in the header `x-webhook-secret` of the other address, and only about the very sum that was asked for.',
      params: Type.Object({ provider, secret }),
      bodyExample: { operationState: 'success', operationID: 'b7a0c2de5b7c4c3a9d4e2f6a8b1c0d3e', amount: 350 },
      handle,
    }),
  ];
}

const textHeaders = (headers: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
