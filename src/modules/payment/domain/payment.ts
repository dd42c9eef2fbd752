import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { Result } from '../../../kernel/result.ts';
import type { PaymentCommand, PaymentEvent, PaymentIntended, PaymentRefusal } from './payment-messages.ts';
import { evolvePayment, initialPayment, isOpen } from './payment-state.ts';
import type { PaymentState } from './payment-state.ts';
import { decideRefund } from './refund.ts';

type Command<Type extends PaymentCommand['type']> = Extract<PaymentCommand, { readonly type: Type }>;
type Decision = Result<readonly PaymentEvent[], PaymentRefusal>;

const nothing: Decision = ok([]);

/**
 * One payment of one ticket at one provider. Webhook, poll and reconciliation meet here and nowhere else, in any order and
 * any number: success is final and told once, and money is never ignored. Money that does not fit becomes
 * `PaymentMismatched`, and what no provider gives back a refund in status `manual`, for a person.
 */
export const payment: Decider<PaymentCommand, PaymentState, PaymentEvent, PaymentRefusal> = {
  aggregateType: 'Payment',
  initial: initialPayment,
  evolve: evolvePayment,
  decide(command, state) {
    if (command.type === 'intend') return intend(command, state);
    if (command.type === 'take_at_desk') return takeAtDesk(command, state);
    if (state.intent === null) return refuse({ code: 'payment_not_found' });
    return decideKnown(command, state, state.intent);
  },
};

function decideKnown(
  command: Exclude<PaymentCommand, Command<'intend' | 'take_at_desk'>>,
  state: PaymentState,
  intent: PaymentIntended['data'],
): Decision {
  const { paymentId } = intent;
  switch (command.type) {
    case 'record_action':
      return recordAction(command, state, paymentId);
    case 'confirm':
      return confirm(command, state, intent);
    case 'fail':
      if (!isOpen(state)) return nothing;
      return ok([
        {
          type: 'PaymentFailed',
          data: { paymentId, ticketId: intent.ticketId, reason: command.reason, failedAtMs: command.nowMs },
        },
      ]);
    case 'expire':
      if (!isOpen(state)) return nothing;
      return ok([
        { type: 'PaymentExpired', data: { paymentId, ticketId: intent.ticketId, expiredAtMs: command.nowMs } },
      ]);
    case 'mark_unknown':
      // With an order at the provider nothing is unknown: the payer has what to pay.
      return state.externalId === null ? doubt(state, paymentId, command.nowMs) : nothing;
    case 'leave_to_statement':
      return doubt(state, paymentId, command.nowMs);
    default:
      return decideRefund(command, state, intent);
  }
}

const doubt = ({ status }: PaymentState, paymentId: string, nowMs: number): Decision =>
  status === 'pending' ? ok([{ type: 'PaymentOutcomeUnknown', data: { paymentId, unknownSinceMs: nowMs } }]) : nothing;

function intend({ type: _type, nowMs, ...asked }: Command<'intend'>, { intent }: PaymentState): Decision {
  if (asked.amountTyiyn <= 0n) return refuse({ code: 'amount_not_positive' });
  if (intent === null)
    return ok([{ type: 'PaymentIntended', data: { ...asked, currency: 'KGS', intendedAtMs: nowMs } }]);
  const same =
    intent.ticketId === asked.ticketId &&
    intent.userId === asked.userId &&
    intent.amountTyiyn === asked.amountTyiyn &&
    intent.method === asked.method;
  return same ? nothing : refuse({ code: 'payment_id_reused' });
}

/** Intent and success at once: the money is there, and nobody has to be asked. */
function takeAtDesk(command: Command<'take_at_desk'>, { intent }: PaymentState): Decision {
  const { paymentId, ticketId, parkId, amountTyiyn, method, providerKey, reference, nowMs } = command;
  if (amountTyiyn <= 0n) return refuse({ code: 'amount_not_positive' });
  if (intent !== null) return refuse({ code: 'payment_id_reused' });
  const sale = { paymentId, ticketId, userId: null, amountTyiyn, currency: 'KGS' };
  const intended = { ...sale, parkId, method, providerKey, returnUrl: '', intendedAtMs: nowMs, expiresAtMs: nowMs };
  const paid = { providerReference: reference, source: 'desk', late: false, succeededAtMs: nowMs } as const;
  return ok([
    { type: 'PaymentIntended', data: intended },
    { type: 'PaymentSucceeded', data: { ...sale, ...paid } },
  ]);
}

/** Once the outcome is known an action is of no use to anybody, so a late one is dropped. */
function recordAction(
  { externalId, action, nowMs }: Command<'record_action'>,
  state: PaymentState,
  paymentId: string,
): Decision {
  if (state.externalId !== null) return state.externalId === externalId ? nothing : refuse({ code: 'action_differs' });
  if (!isOpen(state)) return nothing;
  return ok([{ type: 'PaymentActionIssued', data: { paymentId, externalId, action, issuedAtMs: nowMs } }]);
}

function confirm(command: Command<'confirm'>, state: PaymentState, intent: PaymentIntended['data']): Decision {
  const { amountTyiyn, currency, providerReference, source, nowMs } = command;
  const right = amountTyiyn === intent.amountTyiyn && currency === intent.currency;
  const told = state.captured?.providerReference === providerReference;
  if (right && told) return nothing;
  // Who reads a statement was asked for what nobody knew: a message that came meanwhile told of this very money.
  if (source === 'statement' && state.captured !== null) return refuse({ code: 'payment_not_in_doubt' });
  const { paymentId, ticketId, userId } = intent;
  if (right && state.captured === null) {
    const late = state.status === 'failed' || state.status === 'expired';
    const data = {
      paymentId,
      ticketId,
      userId,
      amountTyiyn,
      currency,
      providerReference,
      source,
      late,
      succeededAtMs: nowMs,
    };
    return ok([{ type: 'PaymentSucceeded', data }]);
  }
  const known = state.mismatches.some(
    (found) =>
      found.providerReference === providerReference && found.amountTyiyn === amountTyiyn && found.currency === currency,
  );
  if (known) return nothing;
  const why = state.captured === null ? 'amount_differs' : told ? 'told_differently' : 'second_charge';
  const expectedTyiyn = intent.amountTyiyn;
  const data = {
    paymentId,
    ticketId,
    why,
    expectedTyiyn,
    amountTyiyn,
    currency,
    providerReference,
    source,
    noticedAtMs: nowMs,
  } as const;
  return ok([{ type: 'PaymentMismatched', data }]);
}
