import { describe, expect, test } from 'vitest';
import { EXPIRES_AT_MS, HELD_AT_MS, expireAt, given, hold, settleAt, terms, typesOf } from './ticket.suite.ts';
import type { TicketCommand } from './ticket-messages.ts';
import { ticketTransfers } from './ticket-transfers.ts';

const remember: TicketCommand = { kind: 'remember_sale', admissionCode: 'code', nowMs: EXPIRES_AT_MS };
const remembered = [hold, remember] as const;
const LATER_MS = terms.validUntilMs + 1;
const cancelNow: TicketCommand = {
  kind: 'cancel',
  why: 'staff',
  userId: null,
  reason: null,
  today: terms.visitDate,
  nowMs: HELD_AT_MS,
};

describe('a sale that headquarters has forgotten and its park remembers', () => {
  test('makes the ticket good, with its code, and its places sold that were held', () => {
    const outcome = given(hold).when(remember);
    expect(outcome).toMatchObject({
      events: [{ type: 'TicketSaleRemembered', data: { placesFrom: 'held', admissionCode: 'code' } }],
      state: { status: 'active', activated: true, awaitsPayment: true, paymentId: null, paidTyiyn: 0n },
    });
    expect(outcome.events?.flatMap(ticketTransfers)).toMatchObject([{ amount: terms.places }]);
  });

  test('takes places of the day also when its hold had ended and none are left; points and promo code are gone', () => {
    const promo = { promoId: 'promo', code: 'SUMMER', percent: 10, sumTyiyn: null };
    const discounted: TicketCommand = { ...hold, terms: { ...terms, promo, pointsSpent: 5 } } as TicketCommand;
    const outcome = given(discounted, expireAt(EXPIRES_AT_MS)).when(remember);
    expect(outcome.events?.flatMap(ticketTransfers)).toMatchObject([{ overdraws: true }]);
    expect(outcome.state?.terms).toMatchObject({ promo: null, pointsSpent: 0 });
  });

  test.each([
    ['is sold', [hold, settleAt(HELD_AT_MS)]],
    ['is remembered already', remembered],
    ['was cancelled', [hold, cancelNow]],
  ] as const)('changes nothing about a ticket that %s', (_what, history) => {
    expect(given(...history).when(remember).events).toEqual([]);
  });

  test('no hold of it ends any more', () => {
    expect(given(...remembered).when(expireAt(LATER_MS)).events).toEqual([]);
  });
});

describe('its payment', () => {
  test('is taken whenever it is found, once, and moves no places', () => {
    const outcome = given(...remembered).when(settleAt(LATER_MS));
    expect(outcome).toMatchObject({
      events: [
        { type: 'TicketActivated', data: { paymentId: 'payment', paidTyiyn: terms.priceTyiyn, remembered: true } },
      ],
      state: { status: 'active', awaitsPayment: false, paymentId: 'payment' },
    });
    expect(outcome.events?.flatMap(ticketTransfers)).toEqual([]);
    const paid = given(...remembered, settleAt(LATER_MS));
    expect(paid.when(settleAt(LATER_MS)).events).toEqual([]);
    expect(paid.when(settleAt(LATER_MS, 'second')).events).toMatchObject([
      { type: 'TicketPaymentRefused', data: { why: 'paid_by_another_payment' } },
    ]);
  });

  test('brings a ticket whose day is over to life no more', () => {
    const unused = given(...remembered, { kind: 'end_day', nowMs: LATER_MS });
    expect(unused.when(settleAt(LATER_MS))).toMatchObject({
      events: [{ type: 'TicketActivated' }],
      state: { status: 'expired', paymentId: 'payment' },
    });
  });

  test('goes back when it is of another sum, or when the ticket was cancelled meanwhile, which frees its places', () => {
    expect(given(...remembered).when(settleAt(LATER_MS, 'payment', 1n)).events).toMatchObject([
      { data: { why: 'amount_differs' } },
    ]);
    const cancelled = given(...remembered, cancelNow);
    expect(cancelled.events.at(-1)).toMatchObject({ data: { freedFrom: 'sold', paymentId: null, paidTyiyn: 0n } });
    expect(cancelled.when(settleAt(LATER_MS)).events).toMatchObject([{ data: { why: 'ticket_cancelled' } }]);
  });

  test('has to be found before the ticket can go to another day: nobody knows what that would cost', () => {
    const day = { ...terms, visitDate: '2026-12-09' };
    const move: TicketCommand = {
      kind: 'move',
      userId: 'guest',
      to: { day, returnedPromo: null, pointsSpent: 0 },
      voidId: null,
      today: '2026-12-04',
      nowMs: HELD_AT_MS,
      admissionCode: 'new code',
    };
    expect(given(...remembered).when(move)).toMatchObject({ refusal: { code: 'ticket_not_movable' } });
    expect(typesOf(given(...remembered, settleAt(HELD_AT_MS)).when(move))).toEqual(['TicketMoved']);
  });
});

test('money for a hold that stands, because nothing of its day was sold since it ended, is taken as in time', () => {
  const promo = { promoId: 'promo', code: 'SUMMER', percent: 10, sumTyiyn: null };
  const discounted: TicketCommand = { ...hold, terms: { ...terms, promo } } as TicketCommand;
  const late = settleAt(EXPIRES_AT_MS + 1);
  expect(given(discounted).when(late).events).toMatchObject([{}, { data: { why: 'discount_returned' } }]);
  expect(given(discounted).when({ ...late, holdStands: true } as TicketCommand).events).toMatchObject([
    { type: 'TicketActivated', data: { retaken: false } },
  ]);
});
