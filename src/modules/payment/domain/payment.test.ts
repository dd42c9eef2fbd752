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
  method: 'elqr',
  providerKey: 'key',
  returnUrl: 'https://park.example/',
  nowMs: 1_000,
  expiresAtMs: 901_000,
} as const satisfies PaymentCommand;
const action = { type: 'qr', payload: 'https://pay#0002', url: 'https://pay', expiresAtMs: 901_000 } as const;
const recordAction: PaymentCommand = { type: 'record_action', externalId: 'external', action, nowMs: 1_100 };
const confirm: PaymentCommand = {
  type: 'confirm',
  amountTyiyn: PRICE_TYIYN,
  currency: 'KGS',
  providerReference: 'reference',
  source: 'webhook',
  nowMs: 2_000,
};
const fail: PaymentCommand = { type: 'fail', reason: 'declined', nowMs: 2_100 };
const expire: PaymentCommand = { type: 'expire', nowMs: 901_000 };
const markUnknown: PaymentCommand = { type: 'mark_unknown', nowMs: 1_200 };
const requestRefund: PaymentCommand = {
  type: 'request_refund',
  refundId: 'refund',
  amountTyiyn: PRICE_TYIYN,
  reason: 'closed',
  note: null,
  nowMs: 3_000,
};

/** Runs commands in order; a refusal adds its code to `refusals` and changes nothing. */
function run(...commands: readonly PaymentCommand[]) {
  const events: PaymentEvent[] = [];
  const refusals: string[] = [];
  for (const command of commands) {
    const decided = payment.decide(command, events.reduce(payment.evolve, payment.initial));
    if (decided.ok) events.push(...decided.value);
    else refusals.push(decided.refusal.code);
  }
  return {
    events,
    refusals,
    types: events.map((event) => event.type),
    state: events.reduce(payment.evolve, payment.initial),
  };
}

describe('intent and action', () => {
  test('the intent is recorded once, with its key and its end', () => {
    const { events, refusals } = run(intend, { ...intend, nowMs: 5_000, providerKey: 'another', expiresAtMs: 7 });
    expect(refusals).toEqual([]);
    expect(events).toHaveLength(1);
    expect(events[0]?.data).toMatchObject({
      amountTyiyn: PRICE_TYIYN,
      currency: 'KGS',
      providerKey: 'key',
      intendedAtMs: 1_000,
    });
  });

  test('the id of a payment cannot be used for something else, nor an amount of 0 be asked', () => {
    expect(run(intend, { ...intend, ticketId: 'other' }).refusals).toEqual(['payment_id_reused']);
    expect(run({ ...intend, amountTyiyn: 0n }).refusals).toEqual(['amount_not_positive']);
  });

  test.each([recordAction, confirm, fail, expire, markUnknown, requestRefund])(
    'nothing happens to a payment that was never intended: $type',
    (command) => {
      expect(run(command)).toMatchObject({ types: [], refusals: ['payment_not_found'] });
    },
  );

  test('the action is issued once and ends an unknown outcome; another one for the same payment is refused', () => {
    const { types, state, refusals } = run(intend, markUnknown, recordAction, recordAction, {
      ...recordAction,
      externalId: 'other',
    });
    expect(types).toEqual(['PaymentIntended', 'PaymentOutcomeUnknown', 'PaymentActionIssued']);
    expect(state).toMatchObject({ status: 'pending', externalId: 'external', action });
    expect(refusals).toEqual(['action_differs']);
  });

  test('an action that arrives after the outcome is dropped', () => {
    expect(run(intend, confirm, recordAction).types).toEqual(['PaymentIntended', 'PaymentSucceeded']);
  });
});

describe('outcome', () => {
  test('a confirmation told twice, by webhook and by status, succeeds once', () => {
    const { types, state } = run(intend, recordAction, confirm, confirm, {
      ...confirm,
      source: 'status',
      nowMs: 9_000,
    });
    expect(types.filter((type) => type === 'PaymentSucceeded')).toHaveLength(1);
    expect(state).toMatchObject({
      status: 'succeeded',
      captured: { amountTyiyn: PRICE_TYIYN, providerReference: 'reference' },
    });
  });

  test('nothing takes a success back', () => {
    expect(run(intend, confirm, fail, expire, markUnknown).types).toEqual(['PaymentIntended', 'PaymentSucceeded']);
  });

  test.each([fail, expire])('money after $type still counts and is marked late', (end) => {
    const { events, state } = run(intend, recordAction, end, confirm);
    expect(state.status).toBe('succeeded');
    expect(events.at(-1)).toMatchObject({
      type: 'PaymentSucceeded',
      data: { late: true, ticketId: 'ticket', userId: 'user' },
    });
  });

  test('a failure is not overwritten by expiry, nor the other way round', () => {
    expect(run(intend, fail, expire).types).toEqual(['PaymentIntended', 'PaymentFailed']);
    expect(run(intend, expire, fail).types).toEqual(['PaymentIntended', 'PaymentExpired']);
  });

  test.each([{ amountTyiyn: PRICE_TYIYN / 100n }, { amountTyiyn: PRICE_TYIYN * 100n }, { currency: 'USD' }])(
    'money that differs from the intent never succeeds and ends the payment',
    (difference) => {
      const { types, events, state } = run(intend, { ...confirm, ...difference }, { ...confirm, ...difference });
      expect(types).toEqual(['PaymentIntended', 'PaymentMismatched']);
      expect(events.at(-1)?.data).toMatchObject({ why: 'amount_differs', expectedTyiyn: PRICE_TYIYN });
      expect(state).toMatchObject({ status: 'failed', captured: null });
    },
  );

  test('the right money after some that differed still counts, late', () => {
    const wrong: PaymentCommand = { ...confirm, amountTyiyn: 1n, providerReference: 'first' };
    const { events, state } = run(intend, recordAction, wrong, confirm);
    expect(events.at(-1)).toMatchObject({ type: 'PaymentSucceeded', data: { late: true } });
    expect(state.status).toBe('succeeded');
  });

  test('the charge that paid it, told with another amount, is no further money', () => {
    const { events, state, refusals } = run(intend, confirm, { ...confirm, amountTyiyn: 1n }, requestRefund, {
      ...requestRefund,
      refundId: 'more',
      amountTyiyn: 1n,
    });
    expect(events[2]).toMatchObject({ type: 'PaymentMismatched', data: { why: 'told_differently' } });
    expect(refusals).toEqual(['refund_exceeds_payment']);
    expect(state.status).toBe('succeeded');
  });

  test('a payment with an order at the provider is not unknown, whatever a later call came to', () => {
    const { types, state } = run(intend, recordAction, markUnknown);
    expect(types).toEqual(['PaymentIntended', 'PaymentActionIssued']);
    expect(state).toMatchObject({ status: 'pending', action });
  });

  test.each([{ providerReference: 'line 7' }, { amountTyiyn: 1n }])(
    'a statement says nothing of a payment that a message has ended meanwhile: it is no second charge',
    (difference) => {
      const { types, refusals } = run(intend, confirm, { ...confirm, ...difference, source: 'statement' });
      expect(types).toEqual(['PaymentIntended', 'PaymentSucceeded']);
      expect(refusals).toEqual(['payment_not_in_doubt']);
    },
  );

  test('a second charge of a paid payment, of whatever sum, leaves it paid', () => {
    const { events, state } = run(
      intend,
      confirm,
      { ...confirm, providerReference: 'second' },
      { ...confirm, providerReference: 'second' },
    );
    expect(events.slice(2)).toMatchObject([
      { type: 'PaymentMismatched', data: { why: 'second_charge', amountTyiyn: PRICE_TYIYN } },
    ]);
    expect(state.status).toBe('succeeded');
    const other = run(intend, confirm, { ...confirm, providerReference: 'second', amountTyiyn: 7n });
    expect(other.events.at(-1)?.data).toMatchObject({ why: 'second_charge', amountTyiyn: 7n });
  });
});

describe('property', () => {
  test('whatever the order and number of messages, success comes iff the right sum was confirmed, and exactly once', () => {
    const wrong: PaymentCommand = { ...confirm, amountTyiyn: 10_500_000n };
    const foreign: PaymentCommand = { ...confirm, currency: 'USD' };
    const polled: PaymentCommand = { ...confirm, source: 'status' };
    const messages = fc.array(
      fc.constantFrom(recordAction, confirm, polled, wrong, foreign, fail, expire, markUnknown),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(messages, (received) => {
        const { state, types, refusals } = run(intend, ...received);
        const right = received.some((message) => message === confirm || message === polled);
        expect(refusals).toEqual([]);
        expect(types.filter((type) => type === 'PaymentSucceeded')).toHaveLength(right ? 1 : 0);
        expect(state.status === 'succeeded').toBe(right);
        const kinds = Number(received.includes(wrong)) + Number(received.includes(foreign));
        expect(types.filter((type) => type === 'PaymentMismatched')).toHaveLength(kinds);
      }),
      { numRuns: 1_000 },
    );
  });
});
