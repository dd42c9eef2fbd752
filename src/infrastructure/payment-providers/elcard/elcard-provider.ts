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
import { createOutcome, pageOf } from '../create-outcome.ts';
import { createProviderCalls, type Called, type CallOptions } from '../provider-calls.ts';
import { toWireTyiyn, wireTyiynToTyiyn, type WireTyiynText } from '../wire-tyiyn.ts';
import { isOrderAnswer, isRefusal, isRegistered, orderIdOf, type OrderAnswer } from './answers.ts';
import { createExchange, type AccessOptions, type Answer } from './exchange.ts';
import { COMMON_STATUSES, type StatusMeaning, type StatusTable } from './status-table.ts';

export type ElcardOptions = AccessOptions &
  Omit<CallOptions, 'clock'> & {
    /** What this bank's numbers mean; those on which all agree unless told otherwise. */
    readonly statuses?: StatusTable;
  };

/** ISO 4217 number of KGS, as this API names currencies. */
const KGS = '417';
/** An unpaid order whose time is over. */
const SESSION_EXPIRED = -2007;
const NO_SUCH_ORDER = '6';

/**
 * ElCard through a bank's hosted page, wire profile of the REST API that CIS banks share: register, extended status, refund.
 * No card number comes near us. That `register.do` repeats its answer for the same order, and that `refund.do` pays once for
 * one `externalRefundId`, is what its sandbox does; the bank has to confirm both before going live.
 */
export function createElcardProvider(options: ElcardOptions): PaymentProvider {
  const { clock, baseUrl, statuses = COMMON_STATUSES } = options;
  const exchange = createExchange(options);
  const calls = createProviderCalls(options);

  async function orderOf({ providerKey }: StatusRequest): Promise<OrderAnswer | 'not_found' | null> {
    const form = { orderNumber: providerKey };
    const called = await calls.ask('status', (signal) => exchange('getOrderStatusExtended.do', form, signal));
    if (called.kind !== 'answered' || called.answer.status !== 200) return null;
    const { body } = called.answer;
    if (isRefusal(body) && body.errorCode === NO_SUCH_ORDER) return 'not_found';
    return isOrderAnswer(body) && body.orderNumber === providerKey ? body : null;
  }

  /** The provider's name of an order whose first answer was lost. */
  async function lookUp(request: StatusRequest): Promise<string | null> {
    const order = await orderOf(request);
    return order === null || order === 'not_found' ? null : orderIdOf(order);
  }

  return {
    name: 'elcard',
    capabilities: { statusQuery: true, refund: 'partial', cancelUnpaid: false, signedWebhook: false },
    takesOrders: () => calls.takesOrders(),
    async create(request) {
      const called = await calls.create((signal) =>
        exchange('register.do', registration(request, clock.now()), signal),
      );
      return createOutcome(called, (answer) => registered(answer, request, baseUrl));
    },
    async status(request) {
      const order = await orderOf(request);
      if (order === null) return { kind: 'unknown' };
      return order === 'not_found' ? { kind: 'not_found' } : statusOf(order, statuses);
    },
    async refund(request) {
      const orderId = request.externalId ?? (await lookUp(request));
      if (orderId === null) return { kind: 'failed', reason: 'provider_unreachable', retryable: true };
      const { refundKey: externalRefundId, amountTyiyn } = request;
      const form: RefundForm = { orderId, amount: toWireTyiyn(amountTyiyn), externalRefundId };
      return refundOutcome(await calls.ask('refund', (signal) => exchange('refund.do', form, signal)), request);
    },
    async refundStatus(request) {
      const order = await orderOf(request);
      if (order === null) return { kind: 'unknown' };
      return order === 'not_found' ? { kind: 'not_found' } : refundIn(order, request);
    },
    // It sends none: the status query alone tells the outcome.
    parseWebhook: () => refuse({ code: 'bad_signature' }),
  };
}

type RefundForm = { readonly orderId: string; readonly amount: WireTyiynText; readonly externalRefundId: string };
export type RegisterForm = {
  readonly orderNumber: string;
  readonly amount: WireTyiynText;
  readonly currency: typeof KGS;
  readonly returnUrl: string;
  readonly description: string;
  readonly sessionTimeoutSecs: string;
};

const registration = (request: CreateRequest, nowMs: number): RegisterForm => ({
  orderNumber: request.providerKey,
  amount: toWireTyiyn(request.amountTyiyn),
  currency: KGS,
  returnUrl: request.returnUrl,
  description: request.description,
  sessionTimeoutSecs: String(Math.max(1, Math.floor((request.expiresAtMs - nowMs) / 1000))),
});

/** A 200 may still be a refusal; only an answer in full is one. */
function registered({ status, body }: Answer, { expiresAtMs }: CreateRequest, baseUrl: string): CreateOutcome {
  if (status !== 200) return { kind: 'unknown' };
  if (isRegistered(body)) {
    const page = pageOf(body.formUrl, baseUrl);
    if (page === null) return { kind: 'unknown' };
    const action = { type: 'redirect', payload: page, url: page, expiresAtMs } as const;
    return { kind: 'requires_action', externalId: body.orderId, action };
  }
  // 1: an order of this number exists; 7: the provider's own fault.
  if (!isRefusal(body) || ['0', '1', '7'].includes(body.errorCode)) return { kind: 'unknown' };
  return { kind: 'failed', reason: `provider_refused_${body.errorCode}`, retryable: false };
}

function statusOf(order: OrderAnswer, statuses: StatusTable): StatusOutcome {
  const meaning: StatusMeaning | undefined = statuses[order.orderStatus];
  switch (meaning) {
    case 'registered':
    case 'authorized':
    case 'card_holder_asked':
      return { kind: 'pending' };
    // Somebody at the bank gave some of it back; that it came is still true.
    case 'partly_refunded':
    case 'paid':
      return moneyIn(order);
    // The money is with the card holder: none of it came for good.
    case 'reversed':
    case 'refunded':
      return { kind: 'failed' };
    case 'declined':
      return { kind: order.actionCode === SESSION_EXPIRED ? 'expired' : 'failed' };
    case undefined:
      return { kind: 'unknown' };
  }
}

function moneyIn({ paymentAmountInfo, currency, authDateTime, authRefNum }: OrderAnswer): StatusOutcome {
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

function refundOutcome(called: Called<Answer>, { refundKey }: RefundCall): RefundOutcome {
  if (called.kind === 'not_asked') return { kind: 'failed', reason: called.reason, retryable: true };
  if (called.kind === 'lost') return { kind: 'unknown' };
  const { status, body } = called.answer;
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
