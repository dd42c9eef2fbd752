import { describe, expect, test } from 'vitest';
import {
  CLOSES_AT_MS,
  EXPIRES_AT_MS,
  HELD_AT_MS,
  KEPT_UNTIL_MS,
  MINUTE_MS,
  expireAt,
  given,
  hold,
  keepAt,
  noPlaceFor,
  settleAt,
  terms,
  typesOf,
} from './ticket.suite.ts';
import { verdictOn } from './ticket.ts';
import type { TicketCommand } from './ticket-messages.ts';

describe('hold', () => {
  test('a ticket begins with the terms that were agreed and holds its places', () => {
    expect(given().when(hold)).toMatchObject({
      events: [{ type: 'TicketHeld', data: terms }],
      state: { status: 'held', terms, expiresAtMs: EXPIRES_AT_MS },
    });
  });

  test('told twice it changes nothing, whatever became of the ticket', () => {
    expect(given(hold).when(hold).events).toEqual([]);
    expect(given(hold, settleAt(HELD_AT_MS + 1)).when(hold).events).toEqual([]);
    expect(given(hold, expireAt(EXPIRES_AT_MS)).when(hold).events).toEqual([]);
  });

  test('a ticket that costs nothing is active at once, with its admission code and without a payment', () => {
    const free: TicketCommand = { kind: 'hold', terms: { ...terms, priceTyiyn: 0n }, admissionCode: 'code' };
    expect(given().when(free)).toMatchObject({
      events: [
        { type: 'TicketHeld' },
        {
          type: 'TicketActivated',
          data: { paymentId: null, paidTyiyn: 0n, admissionCode: 'code', activatedAtMs: HELD_AT_MS, retaken: false },
        },
      ],
      state: { status: 'active', paymentId: null },
    });
  });

  test.each([keepAt(HELD_AT_MS), expireAt(HELD_AT_MS), settleAt(HELD_AT_MS), noPlaceFor('payment', HELD_AT_MS)])(
    'nothing happens to a ticket that does not exist: $kind',
    (command) => {
      expect(given().when(command)).toEqual({ refusal: { code: 'ticket_not_found' } });
    },
  );
});

describe('keep', () => {
  test('a payment that begins keeps the hold ten minutes longer', () => {
    expect(given(hold).when(keepAt(HELD_AT_MS))).toMatchObject({
      events: [{ type: 'TicketHoldKept', data: { paymentId: 'payment', expiresAtMs: KEPT_UNTIL_MS } }],
      state: { status: 'held', expiresAtMs: KEPT_UNTIL_MS },
    });
  });

  test('once: a second payment, or the same one told twice, gets what is left', () => {
    const kept = given(hold, keepAt(HELD_AT_MS));
    expect(kept.when(keepAt(HELD_AT_MS + MINUTE_MS)).events).toEqual([]);
    expect(kept.when(keepAt(KEPT_UNTIL_MS - 1, 'other')).events).toEqual([]);
    expect(kept.when(keepAt(KEPT_UNTIL_MS, 'other'))).toEqual({ refusal: { code: 'hold_expired' } });
  });

  test('never beyond closing', () => {
    const late = { ...terms, closesAtMs: EXPIRES_AT_MS + MINUTE_MS };
    const held = given({ kind: 'hold', terms: late, admissionCode: null });
    expect(held.when(keepAt(HELD_AT_MS)).state).toMatchObject({ expiresAtMs: late.closesAtMs });
  });

  test('a hold that lasts until closing is kept as it is', () => {
    const last = given({ kind: 'hold', terms: { ...terms, closesAtMs: EXPIRES_AT_MS }, admissionCode: null });
    expect(last.when(keepAt(HELD_AT_MS)).events).toEqual([]);
  });

  test('the last millisecond of the hold is early enough, the next one is not', () => {
    expect(typesOf(given(hold).when(keepAt(EXPIRES_AT_MS - 1)))).toEqual(['TicketHoldKept']);
    expect(given(hold).when(keepAt(EXPIRES_AT_MS))).toEqual({ refusal: { code: 'hold_expired' } });
  });

  test('the ticket of somebody else is not found', () => {
    expect(given(hold).when(keepAt(HELD_AT_MS, 'payment', 'stranger'))).toEqual({
      refusal: { code: 'ticket_not_found' },
    });
  });

  test('a ticket that is paid or expired cannot be paid', () => {
    expect(given(hold, settleAt(HELD_AT_MS)).when(keepAt(HELD_AT_MS))).toEqual({
      refusal: { code: 'ticket_not_payable', status: 'active' },
    });
    expect(given(hold, expireAt(EXPIRES_AT_MS)).when(keepAt(EXPIRES_AT_MS))).toEqual({
      refusal: { code: 'ticket_not_payable', status: 'expired' },
    });
  });
});

describe('expire', () => {
  test('a hold ends at its millisecond, not before', () => {
    expect(given(hold).when(expireAt(EXPIRES_AT_MS - 1)).events).toEqual([]);
    expect(given(hold).when(expireAt(EXPIRES_AT_MS))).toMatchObject({
      events: [{ type: 'TicketHoldExpired', data: { ticketId: 'ticket', places: 2, atMs: EXPIRES_AT_MS } }],
      state: { status: 'expired' },
    });
  });

  test('a kept hold ends when it was kept to', () => {
    const kept = given(hold, keepAt(HELD_AT_MS));
    expect(kept.when(expireAt(EXPIRES_AT_MS)).events).toEqual([]);
    expect(typesOf(kept.when(expireAt(KEPT_UNTIL_MS)))).toEqual(['TicketHoldExpired']);
  });

  test('told twice, or of a paid ticket, it changes nothing', () => {
    expect(given(hold, expireAt(EXPIRES_AT_MS)).when(expireAt(EXPIRES_AT_MS)).events).toEqual([]);
    expect(given(hold, settleAt(HELD_AT_MS)).when(expireAt(EXPIRES_AT_MS)).events).toEqual([]);
  });
});

describe('settle', () => {
  test('money in time makes the ticket active with its admission code', () => {
    expect(given(hold).when(settleAt(EXPIRES_AT_MS - 1))).toMatchObject({
      events: [
        {
          type: 'TicketActivated',
          data: {
            userId: 'guest',
            subjectId: 'guest',
            places: 2,
            paymentId: 'payment',
            paidTyiyn: 35_000n,
            activatedAtMs: EXPIRES_AT_MS - 1,
            retaken: false,
            admissionCode: 'code',
          },
        },
      ],
      state: { status: 'active', paymentId: 'payment' },
    });
  });

  test('told twice it changes nothing, also after the day', () => {
    const paid = given(hold, settleAt(HELD_AT_MS));
    expect(paid.when(settleAt(HELD_AT_MS + 1)).events).toEqual([]);
    expect(paid.when(settleAt(CLOSES_AT_MS)).events).toEqual([]);
  });

  test('money that comes late takes the place again and writes the expiry in the same append', () => {
    const outcome = given(hold).when(settleAt(EXPIRES_AT_MS));
    expect(typesOf(outcome)).toEqual(['TicketHoldExpired', 'TicketActivated']);
    expect(outcome.events?.[1]).toMatchObject({ data: { retaken: true } });
    expect(outcome.state?.status).toBe('active');
  });

  test('money for a ticket whose expiry is written takes a free place', () => {
    const outcome = given(hold, expireAt(EXPIRES_AT_MS)).when(settleAt(CLOSES_AT_MS - 1));
    expect(outcome.events).toMatchObject([{ type: 'TicketActivated', data: { retaken: true } }]);
  });

  test.each([
    [
      'another payment of a paid ticket',
      'paid_by_another_payment',
      [hold, settleAt(HELD_AT_MS)],
      settleAt(HELD_AT_MS, 'second'),
    ],
    ['a wrong amount', 'amount_differs', [hold], settleAt(HELD_AT_MS, 'payment', 34_999n)],
    ['an amount of som taken for tyiyn', 'amount_differs', [hold], settleAt(HELD_AT_MS, 'payment', 350n)],
    ['money after closing', 'day_over', [hold, expireAt(EXPIRES_AT_MS)], settleAt(CLOSES_AT_MS)],
    [
      'late money for a day that was closed',
      'day_over',
      [hold, expireAt(EXPIRES_AT_MS)],
      { ...settleAt(EXPIRES_AT_MS), dayClosed: true },
    ],
  ] as const)('%s is refused as %s, which is a fact', (_what, why, history, command) => {
    expect(given(...history).when(command).events).toMatchObject([{ type: 'TicketPaymentRefused', data: { why } }]);
  });

  test('money after closing for a hold whose expiry nobody wrote ends the hold too', () => {
    const outcome = given(hold).when(settleAt(CLOSES_AT_MS));
    expect(typesOf(outcome)).toEqual(['TicketHoldExpired', 'TicketPaymentRefused']);
  });

  test('money for a ticket that costs nothing is refused', () => {
    const free: TicketCommand = { kind: 'hold', terms: { ...terms, priceTyiyn: 0n }, admissionCode: 'code' };
    expect(given(free).when(settleAt(HELD_AT_MS, 'payment', 0n)).events).toMatchObject([
      { data: { why: 'paid_by_another_payment' } },
    ]);
  });
});

describe('a verdict on a payment', () => {
  test('is given once: a payment that found no place stays refused when a place is free again', () => {
    const full = given(hold, expireAt(EXPIRES_AT_MS), noPlaceFor('payment', EXPIRES_AT_MS + 1));
    expect(full.state.refusedPayments).toMatchObject([{ paymentId: 'payment', why: 'park_at_capacity' }]);
    expect(full.when(settleAt(EXPIRES_AT_MS + 2)).events).toEqual([]);
    expect(full.when(noPlaceFor('payment', EXPIRES_AT_MS + 2)).events).toEqual([]);
    expect(verdictOn(full.state, 'payment')).toBe('park_at_capacity');
  });

  test('a payment that was accepted meanwhile is not refused afterwards', () => {
    const paid = given(hold, settleAt(HELD_AT_MS));
    expect(paid.when(noPlaceFor('payment', HELD_AT_MS)).events).toEqual([]);
    expect(verdictOn(paid.state, 'payment')).toBe('accepted');
  });

  test('a refused payment leaves the ticket to the next one', () => {
    const wrong = given(hold, settleAt(HELD_AT_MS, 'first', 1n));
    expect(wrong.when(settleAt(HELD_AT_MS + 1, 'second'))).toMatchObject({
      state: { status: 'active', paymentId: 'second' },
    });
    expect(verdictOn(wrong.state, 'second')).toBeNull();
  });
});
