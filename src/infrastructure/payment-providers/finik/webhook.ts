import type { KeyObject } from 'node:crypto';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { isUuid } from '../../../kernel/ids.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { Result } from '../../../kernel/result.ts';
import type { ProviderNotice, WebhookRefusal, WebhookRequest } from '../../../modules/payment/contract.ts';
import { parseStrictJson } from '../../http/strict-json.ts';
import { isWireSom, wireSomToTyiyn } from '../wire-som.ts';
import { verifyRequest } from './signature.ts';

const Body = Compile(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 128 }),
    accountId: Type.String(),
    amount: Type.Number(),
    /** What we put into the order and the provider echoes. */
    fields: Type.Object({ paymentId: Type.String() }),
    transactionId: Type.String({ minLength: 1, maxLength: 128 }),
    transactionDate: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
    status: Type.Union([Type.Literal('SUCCEEDED'), Type.Literal('FAILED')]),
  }),
);

export type WebhookSettings = {
  /** The public address we gave the provider: behind a proxy the received `Host` may be another than the signed one. */
  readonly webhookUrl: URL;
  /** Any of them may have signed: for a while two are good when the provider changes its key. */
  readonly publicKeys: readonly KeyObject[];
  readonly accountId: string;
  readonly clockSkewMs: number;
};

export function readWebhook(
  request: WebhookRequest,
  settings: WebhookSettings,
): Result<ProviderNotice, WebhookRefusal> {
  const { rawBody, headers, nowMs } = request;
  const received = { method: 'POST', url: settings.webhookUrl, headers, rawBody };
  const verdict = verifyRequest(received, settings.publicKeys, { nowMs, clockSkewMs: settings.clockSkewMs });
  if (verdict !== 'valid') return refuse({ code: verdict });
  const parsed = parseStrictJson(Buffer.from(rawBody));
  const body = parsed.ok ? parsed.value : null;
  if (!Body.Check(body) || !isUuid(body.fields.paymentId)) return refuse({ code: 'malformed' });
  if (body.accountId !== settings.accountId) return refuse({ code: 'wrong_account' });
  const about = { eventId: body.id, providerKey: body.fields.paymentId };
  if (body.status === 'FAILED') return ok({ ...about, outcome: { kind: 'failed', reason: 'declined' } });
  if (!isWireSom(body.amount)) return refuse({ code: 'malformed' });
  return ok({
    ...about,
    outcome: {
      kind: 'succeeded',
      amountTyiyn: wireSomToTyiyn(body.amount),
      currency: 'KGS',
      paidAtMs: body.transactionDate,
      providerReference: body.transactionId,
    },
  });
}
