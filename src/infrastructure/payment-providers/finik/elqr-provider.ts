import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../../kernel/time.ts';
import type {
  CreateOutcome,
  CreateRequest,
  PaymentProvider,
  StatusOutcome,
} from '../../../modules/payment/contract.ts';
import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { createOutcome, elqrAction, type LinkReading } from '../create-outcome.ts';
import type { HttpAnswer } from '../http-call.ts';
import { createProviderCalls, type Called, type CallOptions } from '../provider-calls.ts';
import { isWireSom, toWireSom, wireSomToTyiyn, type WireSom } from '../wire-som.ts';
import { canonicalJson, parseJson } from './canonical-json.ts';
import { createExchange } from './exchange.ts';
import { readPrivateKey, readPublicKey } from './signature.ts';
import { readWebhook } from './webhook.ts';

export type FinikElqrOptions = LinkReading &
  Omit<CallOptions, 'clock'> & {
    readonly apiKey: string;
    /** The account that the money goes to. */
    readonly accountId: string;
    readonly signingKeyPem: string;
    /** The provider's keys that its messages may be signed with: one, and two while it changes its key. */
    readonly webhookPublicKeyPems: readonly string[];
    /** Our public address for the provider's messages; also what their signatures are checked against. */
    readonly webhookUrl: string;
    /** How far a message's timestamp may be from our clock; 300 000 by custom. */
    readonly clockSkewMs: number;
    readonly clock: Clock;
    readonly http: HttpFetch;
    /** Name shown to the payer, ASCII, at most 25 characters. */
    readonly displayName?: string;
    /** Four digits; 7996, amusement parks, unless told otherwise. */
    readonly categoryCode?: string;
  };

const PATH = '/v1/payment';

const Created = Compile(Type.Object({ paymentUrl: Type.String() }));
const Status = Compile(
  Type.Object({
    PaymentId: Type.String(),
    accountId: Type.String(),
    status: Type.Union([
      Type.Literal('PENDING'),
      Type.Literal('SUCCEEDED'),
      Type.Literal('FAILED'),
      Type.Literal('EXPIRED'),
    ]),
    amount: Type.Optional(Type.Number()),
    transactionId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    transactionDate: Type.Optional(Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })),
  }),
);

/**
 * ELQR through an aggregator that speaks wire profile finik-v1. The path of the status query, the echo of `paymentId` in
 * the webhook and the order's expiry are what its sandbox offers; the provider has to confirm them before going live.
 * @throws when a key is unreadable or an address is none.
 */
export function createFinikElqrProvider(options: FinikElqrOptions): PaymentProvider {
  const { accountId, clockSkewMs } = options;
  const exchange = createExchange({ ...options, signingKey: readPrivateKey(options.signingKeyPem) });
  const webhook = {
    webhookUrl: new URL(options.webhookUrl),
    publicKeys: options.webhookPublicKeyPems.map(readPublicKey),
    accountId,
    clockSkewMs,
  };
  const calls = createProviderCalls(options);
  return {
    name: 'elqr',
    capabilities: { statusQuery: true, refund: 'none', cancelUnpaid: false, signedWebhook: true },
    takesOrders: () => calls.takesOrders(),
    async create(request) {
      const body = canonicalJson(orderOf(request, options));
      const called = await calls.create((signal) => exchange('POST', PATH, body, signal));
      return createOutcome(called, (answer) => actionIn(answer, request, options));
    },
    async status({ providerKey }) {
      const path = `${PATH}/${encodeURIComponent(providerKey)}`;
      const called = await calls.ask('status', (signal) => exchange('GET', path, '', signal));
      return statusIn(called, { providerKey, accountId });
    },
    refund: async () => ({ kind: 'failed', reason: 'the provider offers no refunds', retryable: false }),
    refundStatus: async () => ({ kind: 'not_found' }),
    parseWebhook: (request) => readWebhook(request, webhook),
  };
}

/** The body of a new order. A type, not an interface: it has to be JSON. */
export type FinikOrder = {
  readonly Amount: WireSom;
  readonly CardType: 'FINIK_QR';
  readonly PaymentId: string;
  readonly RedirectUrl: string;
  readonly Data: Readonly<Record<string, string | number>>;
};

const orderOf = (request: CreateRequest, options: FinikElqrOptions): FinikOrder => ({
  Amount: toWireSom(request.amountTyiyn),
  CardType: 'FINIK_QR',
  PaymentId: request.providerKey,
  RedirectUrl: request.returnUrl,
  Data: {
    accountId: options.accountId,
    merchantCategoryCode: options.categoryCode ?? '7996',
    name_en: options.displayName ?? 'Sky Park',
    webhookUrl: options.webhookUrl,
    description: request.description,
    paymentId: request.providerKey,
    expiresAt: request.expiresAtMs,
  },
});

/** 302 with the page's address by the documentation, 201 with `paymentUrl` from some accounts. */
function actionIn({ status, location, text }: HttpAnswer, request: CreateRequest, reading: LinkReading): CreateOutcome {
  if (status === 302 || status === 303) return elqrAction(location, request, reading);
  if (status !== 200 && status !== 201) return { kind: 'unknown' };
  const body = parseJson(text ?? '');
  return Created.Check(body) ? elqrAction(body.paymentUrl, request, reading) : { kind: 'unknown' };
}

function statusIn(
  called: Called<HttpAnswer>,
  { providerKey, accountId }: { readonly providerKey: string; readonly accountId: string },
): StatusOutcome {
  if (called.kind !== 'answered') return { kind: 'unknown' };
  const { status, text } = called.answer;
  if (status === 404) return { kind: 'not_found' };
  const body = status === 200 ? parseJson(text ?? '') : null;
  if (!Status.Check(body) || body.PaymentId !== providerKey || body.accountId !== accountId) return { kind: 'unknown' };
  if (body.status === 'PENDING') return { kind: 'pending' };
  if (body.status === 'FAILED') return { kind: 'failed' };
  if (body.status === 'EXPIRED') return { kind: 'expired' };
  const { amount, transactionId, transactionDate } = body;
  if (!isWireSom(amount) || transactionId === undefined || transactionDate === undefined) return { kind: 'unknown' };
  return {
    kind: 'succeeded',
    amountTyiyn: wireSomToTyiyn(amount),
    currency: 'KGS',
    paidAtMs: transactionDate,
    providerReference: transactionId,
  };
}
