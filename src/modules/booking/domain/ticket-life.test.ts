import { describe, expect, test } from 'vitest';
import type { WhyCancelled } from '../contract.ts';
import { EXPIRES_AT_MS, HELD_AT_MS, expireAt, given, hold, settleAt, terms, typesOf } from './ticket.suite.ts';
import type { TicketCommand } from './ticket-messages.ts';

const DAY_BEFORE = '2026-12-04';
const cancelBy = (why: WhyCancelled, today = DAY_BEFORE, nowMs = HELD_AT_MS): TicketCommand => ({
  kind: 'cancel',
  why,
  userId: why === 'guest' ? 'guest' : null,
  reason: 'ill',
  today,
  nowMs,
});
const paid = [hold, settleAt(HELD_AT_MS)] as const;
const endDay: TicketCommand = { kind: 'end_day', nowMs: terms.validUntilMs + 1 };

describe('cancel', () => {
  test.each([
    ['by its guest until the day before', paid, cancelBy('guest'), 'sold'],
    ['by staff on the day', paid, cancelBy('staff', terms.visitDate), 'sold'],
    ['because the day is closed', paid, cancelBy('day_closed', terms.visitDate), 'sold'],
    ['by an override after the day, and frees nothing', [...paid, endDay], cancelBy('override', '2026-12-06'), null],
    [
      'by the heir of its seller, whose places they were',
      paid,
      { ...cancelBy('staff'), inherited: true } as const,
      null,
    ],
    ['unpaid, and frees the hold', [hold], cancelBy('guest', terms.visitDate), 'held'],
    ['to be given up while it is held', [hold], { ...cancelBy('staff'), onlyHeld: true } as TicketCommand, 'held'],
  ] as const)('a ticket is cancelled %s', (_what, history, command, freedFrom) => {
    const isPaid = history.length > 1;
    const outcome = given(...history).when(command);
    expect(outcome.events).toMatchObject([
      {
        type: 'TicketCancelled',
        data: { freedFrom, paidTyiyn: isPaid ? 35_000n : 0n, paymentId: isPaid ? 'payment' : null },
      },
    ]);
    expect(outcome.state?.status).toBe('cancelled');
  });

  test.each([
    ['by its guest on the day', paid, cancelBy('guest', terms.visitDate), { code: 'only_staff_cancels_today' }],
    [
      'by staff after the day',
      paid,
      cancelBy('staff', '2026-12-06'),
      { code: 'ticket_not_cancellable', status: 'expired' },
    ],
    [
      'unpaid once its hold ended',
      [hold],
      cancelBy('guest', DAY_BEFORE, EXPIRES_AT_MS),
      { code: 'ticket_not_cancellable', status: 'expired' },
    ],
    [
      'unpaid and expired, even by an override',
      [hold, expireAt(EXPIRES_AT_MS)],
      cancelBy('override'),
      { code: 'ticket_not_cancellable', status: 'expired' },
    ],
    [
      'to be given up, but paid meanwhile',
      paid,
      { ...cancelBy('staff', terms.visitDate), onlyHeld: true } as TicketCommand,
      { code: 'ticket_not_cancellable', status: 'active' },
    ],
    [
      'by somebody else',
      paid,
      { ...cancelBy('guest'), userId: 'stranger' } as TicketCommand,
      { code: 'ticket_not_found' },
    ],
  ] as const)('a ticket is not cancelled %s', (_what, history, command, refusal) => {
    expect(given(...history).when(command)).toEqual({ refusal });
  });

  test('told twice it changes nothing', () => {
    expect(given(...paid, cancelBy('guest')).when(cancelBy('staff')).events).toEqual([]);
  });

  test('money that comes afterwards is refused, for ever', () => {
    const cancelled = given(hold, cancelBy('guest'));
    expect(cancelled.when(settleAt(HELD_AT_MS + 1)).events).toMatchObject([{ data: { why: 'ticket_cancelled' } }]);
  });

  test('it is refunded once the money is out, and only if there was some', () => {
    const out = { kind: 'mark_refunded', paymentId: 'payment', refundId: 'refund', nowMs: HELD_AT_MS } as const;
    expect(given(...paid, cancelBy('guest')).when(out).state?.status).toBe('refunded');
    expect(given(...paid, cancelBy('guest'), out).when(out).events).toEqual([]);
    expect(given(hold, cancelBy('guest')).when(out).events).toEqual([]);
    expect(given(...paid).when(out).events).toEqual([]);
    const ofAnother: TicketCommand = { ...out, paymentId: 'another' };
    expect(given(...paid, cancelBy('guest')).when(ofAnother).events).toEqual([]);
  });
});

describe('the end of the day', () => {
  test('expires a paid ticket after its last moment, once', () => {
    expect(given(...paid).when({ kind: 'end_day', nowMs: terms.validUntilMs }).events).toEqual([]);
    expect(typesOf(given(...paid).when(endDay))).toEqual(['TicketExpired']);
    expect(given(...paid, endDay).when(endDay).events).toEqual([]);
    expect(given(hold).when(endDay).events).toEqual([]);
  });
});

describe('move', () => {
  const day = {
    visitDate: '2026-12-07',
    children: terms.children,
    priceTyiyn: 30_000n,
    priceLines: [],
    validFromMs: 1,
    validUntilMs: 2,
    closesAtMs: 3,
  };
  const moveTo = (change: Partial<typeof day> = {}, today = DAY_BEFORE, userId = 'guest'): TicketCommand => ({
    kind: 'move',
    voidId: null,
    userId,
    to: { day: { ...day, ...change }, returnedPromo: null, pointsSpent: 0 },
    today,
    nowMs: HELD_AT_MS,
    admissionCode: 'new code',
  });

  test('a paid ticket goes to another day; what that costs less goes back', () => {
    const outcome = given(...paid).when(moveTo());
    expect(outcome.events).toMatchObject([
      {
        type: 'TicketMoved',
        data: { fromDate: '2026-12-05', visitDate: '2026-12-07', paidTyiyn: 30_000n, refundTyiyn: 5_000n },
      },
    ]);
    expect(outcome.state).toMatchObject({ status: 'active', paidTyiyn: 30_000n, terms: { visitDate: '2026-12-07' } });
  });

  test('told twice it changes nothing; a cancellation afterwards gives back what is still paid', () => {
    expect(given(...paid, moveTo()).when(moveTo()).events).toEqual([]);
    expect(given(...paid, moveTo()).when(cancelBy('guest')).events).toMatchObject([{ data: { paidTyiyn: 30_000n } }]);
  });

  test.each([
    ['twice', [...paid, moveTo()], moveTo({ visitDate: '2026-12-09' }), { code: 'already_moved' }],
    ['on the day of its visit', paid, moveTo({}, terms.visitDate), { code: 'too_late_to_move' }],
    ['unpaid', [hold], moveTo(), { code: 'ticket_not_movable', status: 'held' }],
    ['by somebody else', paid, moveTo({}, DAY_BEFORE, 'stranger'), { code: 'ticket_not_found' }],
  ] as const)('a ticket does not move %s', (_what, history, command, refusal) => {
    expect(given(...history).when(command)).toEqual({ refusal });
  });
});

describe('late money for a ticket with a discount', () => {
  test('goes back: what was taken off the price may be spent by now', () => {
    const discounted: TicketCommand = { kind: 'hold', terms: { ...terms, pointsSpent: 10 }, admissionCode: null };
    expect(given(discounted).when(settleAt(EXPIRES_AT_MS)).events).toMatchObject([
      { type: 'TicketHoldExpired', data: { pointsSpent: 10 } },
      { type: 'TicketPaymentRefused', data: { why: 'discount_returned' } },
    ]);
  });
});

test('a ticket of the desk is sold and active in one append, sealed under its own key', () => {
  const desk = { ...terms, userId: null, subjectId: 'ticket' };
  const sell: TicketCommand = { kind: 'sell', terms: desk, paymentId: 'cash', admissionCode: 'code' };
  const outcome = given().when(sell);
  expect(typesOf(outcome)).toEqual(['TicketHeld', 'TicketActivated']);
  expect(outcome.state).toMatchObject({ status: 'active', paymentId: 'cash', paidTyiyn: 35_000n });
});
