import { expect, test } from 'vitest';
import { findingsOf } from './audit.suite.ts';
import { createEndingAudit } from './ending-audit.ts';

const [ticketId, paymentId] = ['ticket', 'payment'];
const paid = { type: 'PaymentSucceeded', data: { paymentId, amountTyiyn: 350n } };
const cancelled = (points = 0, paidTyiyn = 350n) => ({
  type: 'TicketCancelled',
  data: { ticketId, paymentId: paidTyiyn === 0n ? null : paymentId, paidTyiyn, pointsSpent: points, difference: null },
});
const held = { type: 'TicketHeld', data: { ticketId, pointsSpent: 30 } };
const moved = (pointsSpent: number | null) => ({ type: 'TicketMoved', data: { ticketId, pointsSpent } });
/** Cancelled after it was moved to a dearer day by a payment of its own. */
const dearer = {
  type: 'TicketCancelled',
  data: { ...cancelled().data, paidTyiyn: 450n, difference: { paymentId: 'second', paidTyiyn: 100n } },
};
const second = { type: 'PaymentSucceeded', data: { paymentId: 'second', amountTyiyn: 100n } };
const secondBack = { type: 'RefundRequested', data: { paymentId: 'second', amountTyiyn: 100n } };
const lapsed = { type: 'TicketHoldExpired', data: { ticketId, pointsSpent: 30 } };
const refund = (amountTyiyn: bigint, causationId?: string) => ({
  type: 'RefundRequested',
  data: { paymentId, amountTyiyn },
  ...(causationId !== undefined && { causationId }),
});
const misfit = { type: 'PaymentMismatched', data: { paymentId } };
const pointsBack = (points: number) => ({ type: 'PointsReturned', data: { ticketId, points } });

/** Both flows have handled the log up to a position. */
const findings = (events: Parameters<typeof findingsOf>[1], handledTo = 99) =>
  findingsOf(createEndingAudit(), events, [
    { name: 'flow.refund', position: handledTo },
    { name: 'flow.points-of-tickets', position: handledTo },
  ]);

test.each([
  ['all that was paid goes back', [paid, cancelled(), refund(350n)]],
  ['in parts, some before', [paid, refund(100n), cancelled(), refund(250n)]],
  ['a ticket that was moved to a cheaper day', [paid, refund(50n), cancelled(0, 300n), refund(300n)]],
  ['what did not fit goes back beside it', [paid, misfit, refund(70n, 'event-2'), cancelled(), refund(350n)]],
  ['a ticket that nobody paid', [cancelled(0, 0n)]],
  ['what was paid for a ticket and for its dearer day', [paid, second, dearer, refund(350n), secondBack]],
  ['points beyond what the new day allows', [held, moved(20), pointsBack(10)]],
  ['these, and the others when it is cancelled', [held, moved(20), pointsBack(10), cancelled(20, 0n), pointsBack(20)]],
  ['all points of a move of the first release', [held, moved(null)]],
  ['points of a hold that ended, once', [lapsed, pointsBack(30)]],
  ['points of a cancelled ticket', [paid, cancelled(30), refund(350n), pointsBack(30)]],
])('it holds: %s', async (_what, events) => {
  expect(await findings(events)).toMatchObject([
    { holds: true, inProgress: false },
    { holds: true, inProgress: false },
  ]);
});

test.each([
  ['nothing goes back', [paid, cancelled()], 'of 3.50 go back 0.00'],
  ['a part goes back', [paid, cancelled(), refund(349n)], 'go back 3.49'],
  ['more goes back', [paid, cancelled(), refund(350n), refund(1n)], 'go back 3.51'],
  ['what goes back is what did not fit', [paid, misfit, cancelled(), refund(350n, 'event-2')], 'go back 0.00'],
  ['a dearer day is not given back', [paid, second, dearer, refund(350n)], 'of 1.00 go back 0.00'],
  ['points stay spent beyond what the new day allows', [held, moved(20)], 'of 10 points of ticket ticket 0 came back'],
  ['no points came back', [lapsed], 'of 30 points of ticket ticket 0 came back'],
  ['fewer came back', [lapsed, pointsBack(29)], '29 came back'],
  ['they came back twice', [lapsed, pointsBack(30), pointsBack(30)], '60 came back'],
  ['they came back of a ticket that stands', [pointsBack(30)], 'it never ended'],
])('it is a fault when %s', async (_what, events, fault) => {
  const found = await findings(events);
  expect(found.filter(({ holds }) => !holds)).toHaveLength(1);
  expect(found.map(({ text }) => text).join()).toContain(fault);
});

test('what the flows have not come to yet is in progress', async () => {
  expect(await findings([paid, cancelled(30)], 1)).toMatchObject([
    { holds: true, inProgress: true },
    { holds: true, inProgress: true },
  ]);
});
