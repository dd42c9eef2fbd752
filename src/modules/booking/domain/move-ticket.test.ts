import { describe, expect, test } from 'vitest';
import { ticket } from './ticket.ts';
import type { TicketCommand } from './ticket-messages.ts';
import { expireAt, given, hold, keepAt, MINUTE_MS, settleAt, terms, typesOf } from './ticket.suite.ts';

const DAY_BEFORE = '2026-12-04';
const NEW_DAY = '2026-12-07';
/** The gates of the old day open at 2 000 minutes, those of the new one close much later. */
const GATES_OPEN_MS = 2_000 * MINUTE_MS;
const MOVED_AT_MS = 1_000 * MINUTE_MS;
const HELD_UNTIL_MS = MOVED_AT_MS + 15 * MINUTE_MS;
const KEPT_UNTIL_MS = HELD_UNTIL_MS + 10 * MINUTE_MS;

const promo = { promoId: 'promo', code: 'WINTER26', percent: 10, sumTyiyn: null };
const day = {
  visitDate: NEW_DAY,
  children: terms.children,
  priceTyiyn: 45_000n,
  priceLines: [],
  validFromMs: 9_000 * MINUTE_MS,
  validUntilMs: 9_900 * MINUTE_MS,
  closesAtMs: 9_800 * MINUTE_MS,
};
const sold: TicketCommand = {
  kind: 'hold',
  terms: { ...terms, validFromMs: GATES_OPEN_MS, promo, pointsSpent: 50 },
  admissionCode: null,
};
const paid = [sold, settleAt(terms.createdAtMs)];

const moveAt = (nowMs: number, change: Partial<typeof day> = {}, more: object = {}): TicketCommand => ({
  kind: 'move',
  voidId: null,
  userId: 'guest',
  to: { day: { ...day, ...change }, returnedPromo: null, pointsSpent: 50, ...more },
  today: DAY_BEFORE,
  nowMs,
  admissionCode: 'new code',
});
const dearer = moveAt(MOVED_AT_MS);
const payMove = (nowMs: number, paymentId = 'difference', paidTyiyn = 10_000n) => settleAt(nowMs, paymentId, paidTyiyn);
const kept = [...paid, dearer, keepAt(MOVED_AT_MS, 'difference')];
const cancel: TicketCommand = {
  kind: 'cancel',
  why: 'guest',
  userId: 'guest',
  reason: null,
  today: DAY_BEFORE,
  nowMs: MOVED_AT_MS + 1,
};
const transfersOf = (outcome: ReturnType<ReturnType<typeof given>['when']>) =>
  (outcome.events ?? []).flatMap((event) =>
    (ticket.transfersOf?.(event) ?? []).map(({ from, to, amount }) => `${from} > ${to}: ${amount}`),
  );
const place = (date: string, bucket: string): string => `capacity/ala-archa/${date}/${bucket}`;

describe('a move to a dearer day', () => {
  test('holds the places of that day for fifteen minutes; the ticket stays where it is', () => {
    const outcome = given(...paid).when(dearer);
    expect(outcome.events).toMatchObject([
      { type: 'TicketMoveHeld', data: { visitDate: NEW_DAY, dueTyiyn: 10_000n, expiresAtMs: HELD_UNTIL_MS } },
    ]);
    expect(outcome.state).toMatchObject({ status: 'active', moved: false, terms: { visitDate: '2026-12-05' } });
    expect(transfersOf(outcome)).toEqual([`${place(NEW_DAY, 'free')} > ${place(NEW_DAY, 'held')}: 2`]);
  });

  test('told twice it is one; for another day it is refused while it waits', () => {
    expect(given(...paid, dearer).when(dearer).events).toEqual([]);
    expect(given(...paid, dearer).when(moveAt(MOVED_AT_MS, { visitDate: '2026-12-09' }))).toEqual({
      refusal: { code: 'move_in_progress', expiresAtMs: HELD_UNTIL_MS },
    });
  });

  test('is held no longer than nobody can come in on the old day, nor beyond the closing of the new one', () => {
    const late = GATES_OPEN_MS - MINUTE_MS;
    expect(given(...paid).when(moveAt(late)).state?.move?.expiresAtMs).toBe(GATES_OPEN_MS);
    expect(given(...paid).when(moveAt(GATES_OPEN_MS))).toEqual({ refusal: { code: 'too_late_to_move' } });
    const closing = { closesAtMs: MOVED_AT_MS + 1 };
    expect(given(...paid).when(moveAt(MOVED_AT_MS, closing)).state?.move?.expiresAtMs).toBe(MOVED_AT_MS + 1);
  });

  test('is kept once for a payment that begins, which is then known as one for it', () => {
    const first = given(...paid, dearer).when(keepAt(MOVED_AT_MS, 'difference'));
    expect(first.state?.move).toMatchObject({ expiresAtMs: KEPT_UNTIL_MS, paymentIds: ['difference'] });
    expect(given(...kept).when(keepAt(MOVED_AT_MS, 'difference')).events).toEqual([]);
    const second = given(...kept).when(keepAt(MOVED_AT_MS, 'by card'));
    expect(second.state?.move).toMatchObject({ expiresAtMs: KEPT_UNTIL_MS, paymentIds: ['difference', 'by card'] });
    expect(given(...paid, dearer).when(keepAt(HELD_UNTIL_MS))).toEqual({ refusal: { code: 'hold_expired' } });
    expect(given(...paid).when(keepAt(MOVED_AT_MS))).toMatchObject({ refusal: { code: 'ticket_not_payable' } });
  });

  test('is carried out by its money: held places are sold, the old ones free, both payments are known', () => {
    const outcome = given(...kept).when(payMove(KEPT_UNTIL_MS - 1));
    expect(outcome.events).toMatchObject([
      {
        type: 'TicketMoved',
        data: {
          fromDate: '2026-12-05',
          visitDate: NEW_DAY,
          paymentId: 'payment',
          paidTyiyn: 45_000n,
          refundTyiyn: 0n,
          difference: { paymentId: 'difference', paidTyiyn: 10_000n },
        },
      },
    ]);
    expect(transfersOf(outcome)).toEqual([
      `${place(NEW_DAY, 'held')} > ${place(NEW_DAY, 'sold')}: 2`,
      `${place('2026-12-05', 'sold')} > ${place('2026-12-05', 'free')}: 2`,
    ]);
    expect(given(...kept, payMove(MOVED_AT_MS)).when(payMove(MOVED_AT_MS)).events).toEqual([]);
    expect(given(...kept, payMove(MOVED_AT_MS)).when(cancel).events).toMatchObject([
      { data: { paidTyiyn: 45_000n, difference: { paymentId: 'difference', paidTyiyn: 10_000n } } },
    ]);
  });

  test('that nobody pays frees its places, and may be tried again', () => {
    expect(given(...kept).when(expireAt(KEPT_UNTIL_MS - 1)).events).toEqual([]);
    const outcome = given(...kept).when(expireAt(KEPT_UNTIL_MS));
    expect(typesOf(outcome)).toEqual(['TicketMoveLapsed']);
    expect(transfersOf(outcome)).toEqual([`${place(NEW_DAY, 'held')} > ${place(NEW_DAY, 'free')}: 2`]);
    expect(given(...kept, expireAt(KEPT_UNTIL_MS)).when(expireAt(KEPT_UNTIL_MS)).events).toEqual([]);
    expect(typesOf(given(...kept).when(moveAt(KEPT_UNTIL_MS, { visitDate: '2026-12-09' })))).toEqual([
      'TicketMoveLapsed',
      'TicketMoveHeld',
    ]);
  });

  const lapsed = [...kept, expireAt(KEPT_UNTIL_MS)];
  test.each([
    ['late', kept, payMove(KEPT_UNTIL_MS), 'move_over'],
    ['after somebody wrote its end', lapsed, payMove(KEPT_UNTIL_MS), 'move_over'],
    ['of an earlier move', [...lapsed, moveAt(KEPT_UNTIL_MS)], payMove(KEPT_UNTIL_MS), 'move_over'],
    ['of another sum', kept, payMove(MOVED_AT_MS, 'difference', 9_999n), 'amount_differs'],
    ['for a day that is closed', kept, { ...payMove(MOVED_AT_MS), dayClosed: true }, 'day_over'],
    ['after the ticket was cancelled', [...kept, cancel], payMove(MOVED_AT_MS), 'ticket_cancelled'],
    [
      'after another payment carried it out',
      [...kept, keepAt(MOVED_AT_MS, 'by card'), payMove(MOVED_AT_MS)],
      payMove(MOVED_AT_MS, 'by card'),
      'paid_by_another_payment',
    ],
    ['that was not begun for it', kept, payMove(MOVED_AT_MS, 'stranger'), 'paid_by_another_payment'],
  ] as const)('is not carried out by money %s: that goes back', (_what, history, command, why) => {
    const outcome = given(...history).when(command);
    expect(outcome.events?.at(-1)).toMatchObject({ type: 'TicketPaymentRefused', data: { why } });
    expect(typesOf(outcome)).not.toContain('TicketMoved');
  });

  test('ends with its ticket: both days are free again in one append', () => {
    const outcome = given(...kept).when(cancel);
    expect(typesOf(outcome)).toEqual(['TicketMoveLapsed', 'TicketCancelled']);
    expect(outcome.events?.at(-1)).toMatchObject({ data: { paidTyiyn: 35_000n, difference: null } });
    expect(transfersOf(outcome).slice(0, 2)).toEqual([
      `${place(NEW_DAY, 'held')} > ${place(NEW_DAY, 'free')}: 2`,
      `${place('2026-12-05', 'sold')} > ${place('2026-12-05', 'free')}: 2`,
    ]);
  });

  test('is refunded as a whole only by both payments', () => {
    const cancelled = [...kept, payMove(MOVED_AT_MS), cancel];
    const mark = (paymentId: string): TicketCommand => ({ kind: 'mark_refunded', paymentId, refundId: 'r', nowMs: 1 });
    for (const paymentId of ['payment', 'difference']) {
      expect(typesOf(given(...cancelled).when(mark(paymentId)))).toEqual(['TicketRefunded']);
    }
    expect(given(...cancelled).when(mark('stranger')).events).toEqual([]);
  });

  test('of a ticket that cost nothing is paid as a whole', () => {
    const free: TicketCommand = {
      kind: 'hold',
      terms: { ...terms, priceTyiyn: 0n, validFromMs: GATES_OPEN_MS },
      admissionCode: 'code',
    };
    const history = [free, moveAt(MOVED_AT_MS), keepAt(MOVED_AT_MS, 'difference')];
    expect(given(...history).when(payMove(MOVED_AT_MS, 'difference', 45_000n)).state).toMatchObject({
      paymentId: null,
      paidTyiyn: 45_000n,
      difference: { paidTyiyn: 45_000n },
    });
  });
});

describe('a move', () => {
  test('gives back the use of a promo code that does not count on the new day, and keeps the points that stay', () => {
    const cheaper = moveAt(MOVED_AT_MS, { priceTyiyn: 30_000n }, { returnedPromo: promo, pointsSpent: 20 });
    const outcome = given(...paid).when(cheaper);
    expect(outcome.state?.terms).toMatchObject({ promo: null, pointsSpent: 20 });
    expect(transfersOf(outcome).slice(2)).toEqual([
      'promo/promo/used > promo/promo/left: 1',
      'promo/promo/guest/guest/used > promo/promo/guest/guest/left: 1',
    ]);
    // What came back does not come back again.
    expect(given(...paid, cheaper).when(cancel).events).toMatchObject([{ data: { promo: null, pointsSpent: 20 } }]);
  });

  test('of an unpaid ticket is refused, and so is one by somebody else', () => {
    expect(given(hold).when(dearer)).toEqual({ refusal: { code: 'ticket_not_movable', status: 'held' } });
    expect(given(...paid).when({ ...dearer, userId: 'stranger' } as TicketCommand)).toEqual({
      refusal: { code: 'ticket_not_found' },
    });
  });
});
