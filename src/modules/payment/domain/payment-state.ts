import { unreachable } from '../../../kernel/assert.ts';
import type { PaymentMismatched } from '../contract.ts';
import type { IssuedAction, PaymentEvent, PaymentIntended } from './payment-messages.ts';

export type Refund = {
  readonly refundId: string;
  readonly amountTyiyn: bigint;
  /**
   * `submitted`: about to be asked for at the provider, or asked for; `unknown`: the provider's answer was lost; `manual`: the
   * provider could not or would not, a person pays it out.
   */
  readonly status: 'requested' | 'submitted' | 'unknown' | 'succeeded' | 'manual';
  /** The key at the provider and when it was first used; null before. */
  readonly submission: { readonly refundKey: string; readonly submittedAtMs: number } | null;
};

export type PaymentState = {
  /**
   * `pending`: nothing heard yet; `unknown`: the create call was lost, or nobody can be asked how it ended; `failed` also when money came that does not fit.
   * `failed` and `expired` give way to late money, `succeeded` gives way to nothing.
   */
  readonly status: 'pending' | 'unknown' | 'succeeded' | 'failed' | 'expired';
  /** Null before the payment exists. */
  readonly intent: PaymentIntended['data'] | null;
  readonly externalId: string | null;
  readonly action: IssuedAction | null;
  /** The money we hold; set once. */
  readonly captured: {
    readonly amountTyiyn: bigint;
    readonly providerReference: string;
    readonly succeededAtMs: number;
  } | null;
  /** Money that came and did not fit. */
  readonly mismatches: readonly PaymentMismatched['data'][];
  readonly refunds: readonly Refund[];
};

export const initialPayment: PaymentState = {
  status: 'pending',
  intent: null,
  externalId: null,
  action: null,
  captured: null,
  mismatches: [],
  refunds: [],
};

/** Whether an outcome is still to come. */
export const isOpen = ({ status }: PaymentState): boolean => status === 'pending' || status === 'unknown';

/** Everything that came in for a payment, fitting or not. */
export function receivedTyiyn({ captured, mismatches }: PaymentState): bigint {
  const further = mismatches.filter(({ why }) => why !== 'told_differently');
  return further.reduce((sum, { amountTyiyn }) => sum + amountTyiyn, captured?.amountTyiyn ?? 0n);
}

/** The newest refund of a payment whose money is all out again; null while some of it is still here. */
export function lastRefundOf(state: PaymentState): string | null {
  const isOut = state.refunds.every(({ status }) => status === 'succeeded');
  const outTyiyn = state.refunds.reduce((sum, { amountTyiyn }) => sum + amountTyiyn, 0n);
  return isOut && outTyiyn === receivedTyiyn(state) ? (state.refunds.at(-1)?.refundId ?? null) : null;
}

const withRefund = (
  state: PaymentState,
  refundId: string,
  change: Pick<Refund, 'status'> & Partial<Refund>,
): PaymentState => ({
  ...state,
  refunds: state.refunds.map((refund) => (refund.refundId === refundId ? { ...refund, ...change } : refund)),
});

export function evolvePayment(state: PaymentState, event: PaymentEvent): PaymentState {
  switch (event.type) {
    case 'PaymentIntended':
      return { ...state, intent: event.data };
    case 'PaymentActionIssued':
      return { ...state, status: 'pending', externalId: event.data.externalId, action: event.data.action };
    case 'PaymentOutcomeUnknown':
      return { ...state, status: 'unknown' };
    case 'PaymentSucceeded': {
      const { amountTyiyn, providerReference, succeededAtMs } = event.data;
      return { ...state, status: 'succeeded', captured: { amountTyiyn, providerReference, succeededAtMs } };
    }
    case 'PaymentMismatched':
      return {
        ...state,
        status: isOpen(state) ? 'failed' : state.status,
        mismatches: [...state.mismatches, event.data],
      };
    case 'PaymentFailed':
      return { ...state, status: 'failed' };
    case 'PaymentExpired':
      return { ...state, status: 'expired' };
    case 'RefundRequested': {
      const { refundId, amountTyiyn } = event.data;
      return {
        ...state,
        refunds: [...state.refunds, { refundId, amountTyiyn, status: 'requested', submission: null }],
      };
    }
    case 'RefundSubmitted': {
      const { refundId, refundKey, submittedAtMs } = event.data;
      return withRefund(state, refundId, { status: 'submitted', submission: { refundKey, submittedAtMs } });
    }
    case 'RefundOutcomeUnknown':
      return withRefund(state, event.data.refundId, { status: 'unknown' });
    case 'RefundSucceeded':
      return withRefund(state, event.data.refundId, { status: 'succeeded' });
    case 'RefundFailed':
      return withRefund(state, event.data.refundId, { status: 'manual' });
    default:
      return unreachable(event, 'payment event');
  }
}
