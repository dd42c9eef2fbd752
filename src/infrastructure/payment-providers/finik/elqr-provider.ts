import { TimeoutStrategy, handleAll, isBrokenCircuitError, timeout } from 'cockatiel';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../../kernel/time.ts';
import { createBreaker, type OnBreaker } from '../../breaker.ts';
import type {
  CreateOutcome,
  CreateRequest,
  PaymentProvider,
  StatusOutcome,
} from '../../../modules/payment/contract.ts';
import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { neverLeft, pageOf } from '../http-call.ts';
import { isWireSom, toWireSom, wireSomToTyiyn } from '../wire-som.ts';
import { canonicalJson, parseJson } from './canonical-json.ts';
import { createExchange } from './exchange.ts';
import type { Answer, Exchange } from './exchange.ts';
import { readPrivateKey, readPublicKey } from './signature.ts';
import { readWebhook } from './webhook.ts';

export type FinikElqrOptions = {
  readonly apiKey: string;
  /** Origin of the provider's API. */
  readonly baseUrl: string;
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
  /** The fixed amount of an ELQR link, null when the link is damaged or leaves the amount to the payer. */
  readonly amountOfLink: (link: string) => bigint | null;
  /** Name shown to the payer, ASCII, at most 25 characters. */
  readonly displayName?: string;
  /** Four digits; 7996, amusement parks, unless told otherwise. */
  readonly categoryCode?: string;
  /** Longest a call may take; 10 000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Create calls in a row that must fail before further ones are refused for `openMs`; 5 and 10 000. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  readonly onBreaker?: OnBreaker;
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
  const { accountId, clockSkewMs, timeoutMs = 10_000, breaker = { failures: 5, openMs: 10_000 } } = options;
  const exchange = createExchange({ ...options, signingKey: readPrivateKey(options.signingKeyPem) });
  const webhook = {
    webhookUrl: new URL(options.webhookUrl),
    publicKeys: options.webhookPublicKeyPems.map(readPublicKey),
    accountId,
    clockSkewMs,
  };
  // Only the provider's own faults open the breaker: a refused order says nothing about the next one.
  const guard = createBreaker(handleAll.orWhenResult(isFault), { ...breaker, onBreaker: options.onBreaker });
  // Nested by hand: the library's `wrap` would hang all concurrent calls on one shared abort signal.
  const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  return {
    name: 'elqr',
    capabilities: { statusQuery: true, refund: 'none', cancelUnpaid: false, signedWebhook: true },
    async create(request) {
      const body = createBody(request, options);
      try {
        const answer = await guard.execute(() => limit.execute(({ signal }) => exchange('POST', PATH, body, signal)));
        return createOutcome(answer, request, options);
      } catch (error) {
        if (isBrokenCircuitError(error)) return { kind: 'failed', reason: 'provider_unavailable', retryable: true };
        if (neverLeft(error)) return { kind: 'failed', reason: 'provider_unreachable', retryable: true };
        return { kind: 'unknown' };
      }
    },
    status: ({ providerKey }) => queryStatus(exchange, providerKey, { accountId, timeoutMs }),
    refund: async () => ({ kind: 'failed', reason: 'the provider offers no refunds', retryable: false }),
    refundStatus: async () => ({ kind: 'not_found' }),
    parseWebhook: (request) => readWebhook(request, webhook),
  };
}

const isFault = (answer: unknown): boolean =>
  typeof answer === 'object' &&
  answer !== null &&
  'status' in answer &&
  (Number(answer.status) >= 500 || answer.status === 429);

function createBody(request: CreateRequest, options: FinikElqrOptions): string {
  return canonicalJson({
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
}

/** 302 with the page's address by the documentation, 201 with `paymentUrl` from some accounts. */
function createOutcome(answer: Answer, request: CreateRequest, options: FinikElqrOptions): CreateOutcome {
  const { status } = answer;
  if (status === 302 || status === 303) return actionOf(answer.location, request, options);
  if (status === 200 || status === 201) {
    const body = parseJson(answer.text ?? '');
    return Created.Check(body) ? actionOf(body.paymentUrl, request, options) : { kind: 'unknown' };
  }
  if (status === 429) return { kind: 'failed', reason: 'provider_overloaded', retryable: true };
  // 408 and 425 leave open what was done; 409 says that an order under our key exists.
  const definite = status >= 400 && status < 500 && ![408, 409, 425].includes(status);
  return definite ? { kind: 'failed', reason: `provider_refused_${status}`, retryable: false } : { kind: 'unknown' };
}

/** A link that carries an ELQR text is only shown when its amount, in tyiyn, is the one we asked for in som. */
function actionOf(address: string | null, request: CreateRequest, options: FinikElqrOptions): CreateOutcome {
  const page = address === null || address.length > 2_048 ? null : pageOf(address, options.baseUrl);
  if (address === null || page === null) return { kind: 'unknown' };
  const carriesCode = address.includes('#');
  if (carriesCode && options.amountOfLink(address) !== request.amountTyiyn) {
    return { kind: 'failed', reason: 'provider_link_differs', retryable: false };
  }
  const { expiresAtMs, providerKey } = request;
  const action = { type: carriesCode ? 'qr' : 'redirect', payload: address, url: page, expiresAtMs } as const;
  return { kind: 'requires_action', action, externalId: providerKey };
}

async function queryStatus(
  exchange: Exchange,
  providerKey: string,
  { accountId, timeoutMs }: { readonly accountId: string; readonly timeoutMs: number },
): Promise<StatusOutcome> {
  const path = `${PATH}/${encodeURIComponent(providerKey)}`;
  const answer = await exchange('GET', path, '', AbortSignal.timeout(timeoutMs)).catch(() => null);
  if (answer?.status === 404) return { kind: 'not_found' };
  const body = answer?.status === 200 ? parseJson(answer.text ?? '') : null;
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
