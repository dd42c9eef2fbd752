import { unreachable } from '../../../kernel/assert.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { RefundSucceeded } from '../contract.ts';
import type { PaymentCommand, PaymentEvent, PaymentIntended, PaymentRefusal } from './payment-messages.ts';
import { receivedTyiyn, type PaymentState, type Refund } from './payment-state.ts';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { readonly type: Type }>;
export type RefundCommand =
  | Command<'request_refund'>
  | Command<'submit_refund'>
  | Command<'mark_refund_unknown'>
  | Command<'confirm_refund'>
  | Command<'pay_out_refund'>
  | Command<'fail_refund'>;
type Decision = Result<readonly PaymentEvent[], PaymentRefusal>;
type Intent = PaymentIntended['data'];

const nothing: Decision = ok([]);

/**
 * Money that goes back: requested, then submitted to the provider, then out; or in the hands of a person. A submission is on
 * record with its key before the provider hears of it, so whatever breaks, the same refund is asked about and never another.
 */
export function decideRefund(command: RefundCommand, state: PaymentState, intent: Intent): Decision {
  if (command.type === 'request_refund') return requestRefund(command, state, intent);
  const refund = state.refunds.find(({ refundId }) => refundId === command.refundId);
  return refund === undefined ? refuse({ code: 'refund_not_found' }) : advance(command, refund, intent);
}

/** Every refund counts against what came in, also one that failed: a person will still pay it out. */
function requestRefund(command: Command<'request_refund'>, state: PaymentState, intent: Intent): Decision {
  const { refundId, amountTyiyn: askedTyiyn, orLess = false, reason, note, nowMs } = command;
  if (askedTyiyn !== null && askedTyiyn <= 0n) return refuse({ code: 'amount_not_positive' });
  const known = state.refunds.find((refund) => refund.refundId === refundId);
  if (known !== undefined) {
    const isSame = askedTyiyn === null || orLess || known.amountTyiyn === askedTyiyn;
    return isSame ? nothing : refuse({ code: 'refund_id_reused' });
  }
  const cameInTyiyn = receivedTyiyn(state);
  if (cameInTyiyn === 0n) return refuse({ code: 'payment_not_succeeded' });
  const refundedTyiyn = state.refunds.reduce((sum, refund) => sum + refund.amountTyiyn, 0n);
  const refundableTyiyn = cameInTyiyn - refundedTyiyn;
  const isTooMuch = askedTyiyn !== null && askedTyiyn > refundableTyiyn;
  const amountTyiyn = askedTyiyn === null || (orLess && isTooMuch) ? refundableTyiyn : askedTyiyn;
  if (amountTyiyn <= 0n || amountTyiyn > refundableTyiyn) {
    return refuse({ code: 'refund_exceeds_payment', refundableTyiyn });
  }
  const { paymentId, ticketId, userId } = intent;
  const facts = { paymentId, ticketId, refundId, amountTyiyn, reason, requestedAtMs: nowMs };
  return ok([{ type: 'RefundRequested', data: { ...facts, subjectId: userId ?? ticketId, note } }]);
}

function advance(
  command: Exclude<RefundCommand, Command<'request_refund'>>,
  { refundId, amountTyiyn, status }: Refund,
  { paymentId, ticketId }: Intent,
): Decision {
  const { nowMs } = command;
  const out = (providerReference: string): RefundSucceeded => ({
    type: 'RefundSucceeded',
    data: { paymentId, ticketId, refundId, amountTyiyn, providerReference, succeededAtMs: nowMs },
  });
  switch (command.type) {
    case 'submit_refund': {
      if (status !== 'requested') return nothing;
      const { refundKey } = command;
      return ok([{ type: 'RefundSubmitted', data: { paymentId, refundId, refundKey, submittedAtMs: nowMs } }]);
    }
    case 'mark_refund_unknown':
      if (status !== 'submitted') return nothing;
      return ok([{ type: 'RefundOutcomeUnknown', data: { paymentId, refundId, unknownSinceMs: nowMs } }]);
    case 'confirm_refund':
      return status === 'succeeded' ? nothing : ok([out(command.providerReference)]);
    case 'pay_out_refund':
      // Until the provider is known not to pay it out, a person who did would pay it a second time; one that is out is out.
      return status === 'manual' ? ok([out(command.reference)]) : refuse({ code: 'refund_not_manual' });
    case 'fail_refund': {
      if (status === 'succeeded' || status === 'manual') return nothing;
      const { reason } = command;
      const data = { paymentId, ticketId, refundId, amountTyiyn, reason, failedAtMs: nowMs };
      return ok([{ type: 'RefundFailed', data }]);
    }
    default:
      return unreachable(command, 'refund command');
  }
}
