import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PaymentCommand, PaymentEvent } from './payment-messages.ts';
import { payment } from './payment.ts';

const PRICE_TYIYN = 105_000n;
const intend = {
  type: 'intend',
  paymentId: 'payment',
  ticketId: 'ticket',
  userId: 'user',
  parkId: 'dordoi',
  amountTyiyn: PRICE_TYIYN,
  method: 'elcard',
  providerKey: 'key',
  returnUrl: 'https://park.example/',
  nowMs: 1_000,
  expiresAtMs: 901_000,
} as const satisfies PaymentCommand;
const pay = {
  type: 'confirm',
  amountTyiyn: PRICE_TYIYN,
  currency: 'KGS',
  providerReference: 'reference',
  source: 'status',
  nowMs: 2_000,
} as const satisfies PaymentCommand;
const request = {
  type: 'request_refund',
  refundId: 'refund',
  amountTyiyn: PRICE_TYIYN,
  reason: 'closed',
  note: null,
  nowMs: 3_000,
} as const satisfies PaymentCommand;
const about = { refundId: 'refund', nowMs: 4_000 };
const submit: PaymentCommand = { type: 'submit_refund', refundKey: 'refund-key', ...about };
const lose: PaymentCommand = { type: 'mark_refund_unknown', ...about };
const succeed: PaymentCommand = { type: 'confirm_refund', providerReference: 'bank', ...about };
const fail: PaymentCommand = { type: 'fail_refund', reason: 'refused', ...about };
const payOut: PaymentCommand = { type: 'pay_out_refund', reference: 'transfer 17', ...about };

/** Runs commands in order; a refusal adds its code to `refusals` and changes nothing. */
function run(...commands: readonly PaymentCommand[]) {
  const events: PaymentEvent[] = [];
  const refusals: string[] = [];
  for (const command of commands) {
    const decided = payment.decide(command, events.reduce(payment.evolve, payment.initial));
    if (decided.ok) events.push(...decided.value);
    else refusals.push(decided.refusal.code);
  }
  const state = events.reduce(payment.evolve, payment.initial);
  return { refusals, types: events.map(({ type }) => type), state, refund: state.refunds[0] };
}

describe('a refund', () => {
  test.each([
    ['requested', []],
    ['submitted', [submit]],
    ['unknown', [submit, lose]],
    ['succeeded', [submit, succeed]],
    ['succeeded', [submit, lose, succeed]],
    ['manual', [fail]],
    ['manual', [submit, fail]],
    ['manual', [submit, lose, fail]],
    ['succeeded', [submit, fail, payOut]],
    // The provider has the last word even after it was given up.
    ['succeeded', [submit, fail, succeed]],
  ] as const)('is %s after %j', (status, commands) => {
    const { refund, refusals } = run(intend, pay, request, ...commands);
    expect(refund?.status).toBe(status);
    expect(refusals).toEqual([]);
  });

  test('has its key on record with its submission, which happens once', () => {
    const again = { ...submit, refundKey: 'another' } as const;
    const { refund, types } = run(intend, pay, request, submit, again, lose, again);
    expect(refund?.submission).toEqual({ refundKey: 'refund-key', submittedAtMs: 4_000 });
    expect(types.filter((type) => type === 'RefundSubmitted')).toHaveLength(1);
  });

  test('is paid out by a person only once the provider is known not to, and once', () => {
    for (const before of [[], [submit], [submit, lose]]) {
      expect(run(intend, pay, request, ...before, payOut).refusals).toEqual(['refund_not_manual']);
    }
    const { types, refusals } = run(intend, pay, request, fail, payOut, payOut, succeed, fail);
    expect(refusals).toEqual(['refund_not_manual']);
    expect(types.slice(2)).toEqual(['RefundRequested', 'RefundFailed', 'RefundSucceeded']);
  });

  test('without an amount is all that is left', () => {
    const part = { ...request, refundId: 'part', amountTyiyn: 5_000n };
    const rest = { ...request, amountTyiyn: null };
    expect(run(intend, pay, part, rest, rest).state.refunds.map(({ amountTyiyn }) => amountTyiyn)).toEqual([
      5_000n,
      100_000n,
    ]);
    expect(run(intend, pay, request, { ...rest, refundId: 'more' }).refusals).toEqual(['refund_exceeds_payment']);
  });

  test('of an unpaid payment, of nothing, or under the id of another one is refused', () => {
    expect(run(intend, request).refusals).toEqual(['payment_not_succeeded']);
    expect(run(intend, pay, fail).refusals).toEqual(['refund_not_found']);
    expect(run(intend, pay, { ...request, amountTyiyn: 0n }).refusals).toEqual(['amount_not_positive']);
    expect(run(intend, pay, request, { ...request, amountTyiyn: 1n }).refusals).toEqual(['refund_id_reused']);
  });
});

test('whatever is told of a refund in whatever order, it succeeds at most once and nothing takes that back', () => {
  const messages = fc.array(fc.constantFrom<PaymentCommand>(request, submit, lose, succeed, fail, payOut), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(messages, (told) => {
      const { types, refund } = run(intend, pay, request, ...told);
      const succeeded = types.filter((type) => type === 'RefundSucceeded').length;
      expect(succeeded).toBe(refund?.status === 'succeeded' ? 1 : 0);
      expect(types.filter((type) => type === 'RefundRequested')).toHaveLength(1);
      expect(types.filter((type) => type === 'RefundSubmitted').length).toBeLessThanOrEqual(1);
    }),
  );
});

test('refunds never exceed what came in, fitting or not, in any order and number', () => {
  const misfits = fc.uniqueArray(fc.record({ reference: fc.nat(3), amountTyiyn: fc.bigInt(1n, 40_000n) }), {
    maxLength: 3,
    selector: ({ reference }) => reference,
  });
  const requests = fc.array(
    fc.record({
      id: fc.nat(9),
      amount: fc.option(fc.bigInt(-5n, 60_000n)),
      settle: fc.constantFrom('confirm', 'fail', 'leave'),
    }),
  );
  fc.assert(
    fc.property(requests, misfits, fc.boolean(), (asked, came, isPaid) => {
      const commands = asked.flatMap(({ id, amount, settle }): readonly PaymentCommand[] => {
        const refundId = String(id);
        const asks: PaymentCommand = { ...request, refundId, amountTyiyn: amount };
        if (settle === 'leave') return [asks];
        return [asks, { ...(settle === 'fail' ? fail : succeed), refundId }];
      });
      const further = came.map(({ reference, amountTyiyn }): PaymentCommand => {
        return { ...pay, amountTyiyn, providerReference: `misfit ${reference}` };
      });
      const { state, types } = run(intend, ...further, ...(isPaid ? [pay] : []), ...commands);
      const receivedTyiyn = came.reduce((total, { amountTyiyn }) => total + amountTyiyn, isPaid ? PRICE_TYIYN : 0n);
      const sum = state.refunds.reduce((total, { amountTyiyn }) => total + amountTyiyn, 0n);
      expect(sum <= receivedTyiyn).toBe(true);
      expect(state.refunds.every(({ amountTyiyn }) => amountTyiyn > 0n)).toBe(true);
      const succeeded = state.refunds.filter(({ status }) => status === 'succeeded').length;
      expect(types.filter((type) => type === 'RefundSucceeded')).toHaveLength(succeeded);
    }),
  );
});
