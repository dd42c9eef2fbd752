import { TimeoutStrategy, handleAll, isBrokenCircuitError, timeout } from 'cockatiel';
import type { Clock } from '../../../kernel/time.ts';
import { createBreaker, type OnBreaker } from '../../breaker.ts';
import { refuse } from '../../../kernel/result.ts';
import type {
  CreateOutcome,
  CreateRequest,
  PaymentProvider,
  RefundCall,
  RefundOutcome,
  RefundStatusOutcome,
  StatusOutcome,
  StatusRequest,
} from '../../../modules/payment/contract.ts';
import type { HttpFetch } from '../../outgoing-http/http-fetch.ts';
import { neverLeft, pageOf } from '../http-call.ts';
import { toWireTyiyn, wireTyiynToTyiyn } from '../wire-tyiyn.ts';
import { isOrderAnswer, isRefusal, isRegistered, orderIdOf, type OrderAnswer } from './answers.ts';
import { createExchange, NoAccess, type Answer } from './exchange.ts';

export type ElcardOptions = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Address of the provider's API, without a slash at the end. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly http: HttpFetch;
  /** Longest a call may take; 10 000 unless told otherwise. */
  readonly timeoutMs?: number;
  /** Register calls in a row that must fail before further ones are refused for `openMs`; 5 and 10 000. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  readonly onBreaker?: OnBreaker;
};

/** ISO 4217 number of KGS, as this API names currencies. */
const KGS = '417';
/** An unpaid order whose time is over. */
const SESSION_EXPIRED = -2007;

/**
 * ElCard through a bank's hosted page, wire profile of the REST API that CIS banks share: register, extended status, refund.
 * No card number comes near us. That `register.do` repeats its answer for the same order, and that `refund.do` pays once for
 * one `externalRefundId`, is what its sandbox does; the bank has to confirm both before going live.
 */
export function createElcardProvider(options: ElcardOptions): PaymentProvider {
  const { clock, baseUrl, timeoutMs = 10_000, breaker = { failures: 5, openMs: 10_000 } } = options;
  const exchange = createExchange(options);
  // Only the provider's own faults open the breaker: a refused order says nothing about the next one.
  const guard = createBreaker(handleAll.orWhenResult(isFault), { ...breaker, onBreaker: options.onBreaker });
  const limit = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  const call = (operation: string, form: Readonly<Record<string, string>>): Promise<Answer> =>
    limit.execute(({ signal }) => exchange(operation, form, signal));

  async function orderOf({ providerKey }: StatusRequest): Promise<OrderAnswer | 'not_found' | null> {
    const answer = await call('getOrderStatusExtended.do', { orderNumber: providerKey }).catch(() => null);
    if (answer?.status !== 200) return null;
    if (isRefusal(answer.body) && answer.body.errorCode === '6') return 'not_found';
    return isOrderAnswer(answer.body) && answer.body.orderNumber === providerKey ? answer.body : null;
  }

  return {
    name: 'elcard',
    capabilities: { statusQuery: true, refund: 'partial', cancelUnpaid: false, signedWebhook: false },
    async create(request) {
      try {
        const answer = await guard.execute(() => call('register.do', registration(request, clock.now())));
        return createOutcome(answer, request, baseUrl);
      } catch (error) {
        if (isBrokenCircuitError(error)) return { kind: 'failed', reason: 'provider_unavailable', retryable: true };
        if (isNotAsked(error)) return { kind: 'failed', reason: 'provider_unreachable', retryable: true };
        return { kind: 'unknown' };
      }
    },
    async status(request) {
      const order = await orderOf(request);
      return order === null ? { kind: 'unknown' } : order === 'not_found' ? { kind: 'not_found' } : statusOf(order);
    },
    async refund(request) {
      const orderId = request.externalId ?? (await lookUp(request));
      if (orderId === null) return { kind: 'failed', reason: 'provider_unreachable', retryable: true };
      const form = {
        orderId,
        amount: toWireTyiyn(request.amountTyiyn),
        externalRefundId: request.refundKey,
      };
      const answer = await call('refund.do', form).catch((error: unknown) => error);
      return isNotAsked(answer)
        ? { kind: 'failed', reason: 'provider_unreachable', retryable: true }
        : refundOutcome(answer, request);
    },
    async refundStatus(request) {
      const order = await orderOf(request);
      if (order === null) return { kind: 'unknown' };
      return order === 'not_found' ? { kind: 'not_found' } : refundIn(order, request);
    },
    // It sends none: the status query alone tells the outcome.
    parseWebhook: () => refuse({ code: 'bad_signature' }),
  };

  /** The provider's name of an order whose first answer was lost. */
  async function lookUp(request: StatusRequest): Promise<string | null> {
    const order = await orderOf(request);
    return order === null || order === 'not_found' ? null : orderIdOf(order);
  }
}

const isFault = (answer: unknown): boolean =>
  typeof answer === 'object' &&
  answer !== null &&
  'status' in answer &&
  (Number(answer.status) >= 500 || answer.status === 429);

const isNotAsked = (error: unknown): boolean => error instanceof NoAccess || neverLeft(error);

const registration = (request: CreateRequest, nowMs: number): Readonly<Record<string, string>> => ({
  orderNumber: request.providerKey,
  amount: toWireTyiyn(request.amountTyiyn),
  currency: KGS,
  returnUrl: request.returnUrl,
  description: request.description,
  sessionTimeoutSecs: String(Math.max(1, Math.floor((request.expiresAtMs - nowMs) / 1000))),
});

/** A 200 may still be a refusal; only an answer in full is one. */
function createOutcome({ status, body }: Answer, request: CreateRequest, baseUrl: string): CreateOutcome {
  if (status === 429) return { kind: 'failed', reason: 'provider_overloaded', retryable: true };
  if (status === 200 && isRegistered(body)) {
    const page = pageOf(body.formUrl, baseUrl);
    if (page === null) return { kind: 'unknown' };
    const { expiresAtMs } = request;
    return {
      kind: 'requires_action',
      externalId: body.orderId,
      action: { type: 'redirect', payload: page, url: page, expiresAtMs },
    };
  }
  // 1: an order of this number exists; 7: the provider's own fault.
  if (status === 200 && isRefusal(body) && !['0', '1', '7'].includes(body.errorCode)) {
    return { kind: 'failed', reason: `provider_refused_${body.errorCode}`, retryable: false };
  }
  const definite = status >= 400 && status < 500 && ![408, 409, 425].includes(status);
  return definite ? { kind: 'failed', reason: `provider_refused_${status}`, retryable: false } : { kind: 'unknown' };
}

/** What this profile's numbers mean. One that is not here says nothing; it never means that no money came. */
function statusOf(order: OrderAnswer): StatusOutcome {
  switch (order.orderStatus) {
    // Registered, money set aside but not taken, card holder being asked.
    case 0:
    case 1:
    case 5:
      return { kind: 'pending' };
    case 2: {
      const { paymentAmountInfo, currency, authDateTime, authRefNum } = order;
      if (paymentAmountInfo === undefined || authDateTime === undefined || authRefNum === undefined) {
        return { kind: 'unknown' };
      }
      return {
        kind: 'succeeded',
        amountTyiyn: wireTyiynToTyiyn(paymentAmountInfo.depositedAmount),
        currency: currency === KGS ? 'KGS' : currency,
        paidAtMs: authDateTime,
        providerReference: authRefNum,
      };
    }
    case 3:
      return { kind: 'failed' };
    case 6:
      return { kind: order.actionCode === SESSION_EXPIRED ? 'expired' : 'failed' };
    default:
      return { kind: 'unknown' };
  }
}

function refundOutcome(answer: unknown, { refundKey }: RefundCall): RefundOutcome {
  const { status, body } = answer as Partial<Answer>;
  if (status === 429) return { kind: 'failed', reason: 'provider_overloaded', retryable: true };
  if (status !== 200 || !isRefusal(body) || body.errorCode === '7') return { kind: 'unknown' };
  return body.errorCode === '0'
    ? { kind: 'succeeded', providerReference: refundKey }
    : { kind: 'failed', reason: `provider_refused_${body.errorCode}`, retryable: false };
}

function refundIn({ refunds = [] }: OrderAnswer, { refundKey, amountTyiyn }: RefundCall): RefundStatusOutcome {
  const found = refunds.find(({ externalRefundId }) => externalRefundId === refundKey);
  if (found === undefined) return { kind: 'not_found' };
  const isSame = wireTyiynToTyiyn(found.amount) === amountTyiyn;
  return isSame
    ? { kind: 'succeeded', providerReference: refundKey }
    : { kind: 'failed', reason: 'another sum is out' };
}
