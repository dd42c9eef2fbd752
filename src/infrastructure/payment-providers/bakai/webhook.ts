import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { ProviderNotice, WebhookRefusal, WebhookRequest } from '../../../modules/payment/contract.ts';
import { parseStrictJson } from '../../http/strict-json.ts';
import { isWireSom, wireSomToTyiyn } from '../wire-som.ts';
import { keyOfOperation, KGS } from './operation.ts';

const name = Type.String({ minLength: 1, maxLength: 128 });

const Body = Compile(
  Type.Object({
    accountNo: name,
    amount: Type.Number(),
    currencyID: Type.Integer(),
    /** What we called the order. */
    operationID: Type.String({ maxLength: 64 }),
    /** The bank's name of the code that was paid, and the network's name of the transfer. */
    qrTransactionID: name,
    elqrID: Type.Optional(name),
    operationState: Type.String({ maxLength: 40 }),
  }),
);

export type WebhookGuard = {
  readonly accountNo: string;
  /** What the address of our webhook ends with, or a proxy puts into the header `x-webhook-secret`. */
  readonly secret: string;
  /** Addresses and ranges that messages may come from; empty: any. */
  readonly senders: readonly string[];
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function listOf(senders: readonly string[]): BlockList {
  const list = new BlockList();
  for (const sender of senders) {
    const [address = '', bits] = sender.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

/**
 * Messages without a signature: whoever knows the secret, and comes from where the bank is, is believed to be the bank. What
 * such a message says is compared with the payment before it counts, see `ProviderNotice.isUnsigned`.
 */
export function createWebhookReader({ accountNo, secret, senders }: WebhookGuard) {
  const expected = digest(secret);
  const known = listOf(senders);
  return (request: WebhookRequest): Result<ProviderNotice, WebhookRefusal> => {
    const { 'x-webhook-secret': header } = request.headers;
    const given = request.secret ?? (typeof header === 'string' ? header : '');
    if (!timingSafeEqual(digest(given), expected)) return refuse({ code: 'bad_secret' });
    const { clientAddress = '' } = request;
    const isKnown = senders.length === 0 || known.check(clientAddress, familyOf(clientAddress));
    return isKnown ? read(request, accountNo) : refuse({ code: 'unknown_sender' });
  };
}

function read({ rawBody, nowMs }: WebhookRequest, accountNo: string): Result<ProviderNotice, WebhookRefusal> {
  const parsed = parseStrictJson(Buffer.from(rawBody));
  const body = parsed.ok ? parsed.value : null;
  if (!Body.Check(body)) return refuse({ code: 'malformed' });
  const providerKey = keyOfOperation(body.operationID);
  if (providerKey === null || !isWireSom(body.amount)) return refuse({ code: 'malformed' });
  if (body.accountNo !== accountNo) return refuse({ code: 'wrong_account' });
  const about = { eventId: body.qrTransactionID, providerKey, isUnsigned: true } as const;
  switch (body.operationState.toLowerCase()) {
    case 'success':
      return ok({
        ...about,
        outcome: {
          kind: 'succeeded',
          amountTyiyn: wireSomToTyiyn(body.amount),
          currency: body.currencyID === KGS ? 'KGS' : String(body.currencyID),
          // The message tells no time.
          paidAtMs: nowMs,
          providerReference: body.elqrID ?? body.qrTransactionID,
        },
      });
    case 'error':
      return ok({ ...about, outcome: { kind: 'failed', reason: 'declined' } });
    // Nobody told us what other states mean, so they mean nothing.
    default:
      return ok({ ...about, outcome: { kind: 'unsettled' } });
  }
}
