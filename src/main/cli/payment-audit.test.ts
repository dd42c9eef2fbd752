import { expect, test } from 'vitest';
import type { Recorded } from '../../kernel/event-codec.ts';
import type { Session } from '../../infrastructure/postgres/session.ts';
import { ownAuthor } from './audit.suite.ts';
import { createPaymentAudit } from './payment-audit.ts';

/** What the audit finds of a log that the purchase flow has handled up to a position. */
async function findingsOf(log: readonly Recorded[], handledTo: number) {
  const audit = createPaymentAudit();
  for (const event of log) audit.see(event, ownAuthor);
  const rows = async () => [{ position: handledTo, parked: 0 }];
  return audit.findings({ rows } as unknown as Session);
}

const recorded = (type: string, position: number, data: object, causationId: string | null = null): Recorded => ({
  type,
  data: { paymentId: 'payment', ticketId: 'ticket', ...data },
  meta: {
    id: `event-${position}`,
    streamId: 'payment',
    aggregateType: 'Payment',
    schemaVersion: 1,
    version: position,
    position,
    parkId: null,
    actor: 'system',
    correlationId: 'test',
    causationId,
    commandId: null,
    occurredAtMs: 0,
    recordedAtMs: 0,
    nodeId: 'hq',
    incarnation: 'one',
  },
});
const misfit = (why: string) => recorded('PaymentMismatched', 1, { why, amountTyiyn: 350n });
const refund = (amountTyiyn: bigint, causationId: string) =>
  recorded('RefundRequested', 2, { refundId: 'refund', amountTyiyn }, causationId);

test('money that did not fit goes back whole, also of a payment that never succeeded', async () => {
  const findings = await findingsOf([misfit('amount_differs'), refund(350n, 'event-1')], 2);
  expect(findings.every(({ holds }) => holds)).toBe(true);
  expect(findings.map(({ text }) => text).join()).toContain('1 go back');
});

test.each([
  ['nothing of it goes back', []],
  ['a part of it goes back', [refund(349n, 'event-1')]],
  ['what goes back is of something else', [refund(350n, 'event-7')]],
])('it is a fault when %s', async (_what, refunds) => {
  const findings = await findingsOf([misfit('second_charge'), ...refunds], 2);
  expect(findings.every(({ holds }) => holds)).toBe(false);
});

test('what the flow has not come to is in progress, and what was told differently is no money', async () => {
  const [open] = await findingsOf([misfit('second_charge')], 0);
  expect(open).toMatchObject({ holds: true, inProgress: true });
  const [told] = await findingsOf([misfit('told_differently')], 2);
  expect(told).toMatchObject({ holds: true, inProgress: false });
});

const success = recorded('PaymentSucceeded', 1, { amountTyiyn: 350n });
const held = recorded('TicketHeld', 1, { priceTyiyn: 350n });
const activation = recorded('TicketActivated', 2, { paymentId: 'payment' });
const returned = (refundId: string, amountTyiyn: bigint, causationId: string | null = null) =>
  recorded('RefundRequested', 3, { refundId, amountTyiyn }, causationId);
const out = (refundId: string, amountTyiyn: bigint) => recorded('RefundSucceeded', 4, { refundId, amountTyiyn });

test('what a ticket was paid with may go back later, in parts, and is out or owed', async () => {
  const log = [held, success, activation, returned('one', 100n), returned('two', 250n), out('one', 100n)];
  const findings = await findingsOf(log, 4);
  expect(findings.every(({ holds }) => holds)).toBe(true);
  expect(findings.map(({ text }) => text).join()).toContain('3.50 to go back = 1.00 out + 2.50 owed');
});

test('a sale at the desk is one append: its ticket is paid by a payment of nobody, whatever the flow has come to', async () => {
  const bySlip = recorded('PaymentSucceeded', 3, { amountTyiyn: 350n, userId: null, source: 'desk' });
  const [outcomes, money] = await findingsOf([held, activation, bySlip], 0);
  expect(outcomes).toMatchObject({ holds: true, inProgress: false });
  expect(money?.text).toContain('3.50 came in = 3.50 for tickets');
  const [unpaid] = await findingsOf([held, activation], 0);
  expect(unpaid).toMatchObject({ holds: false });
});

const difference = { paymentId: 'second', paidTyiyn: 100n };
const moved = recorded('TicketMoved', 4, { difference });

test('a dearer day is paid by a second payment, and by its own sum', async () => {
  const second = (amountTyiyn: bigint) => recorded('PaymentSucceeded', 3, { paymentId: 'second', amountTyiyn });
  const [outcomes, money] = await findingsOf([held, success, activation, second(100n), moved], 4);
  expect(outcomes).toMatchObject({ holds: true, text: expect.stringContaining('2 made a ticket valid') as string });
  expect(money?.text).toContain('4.50 came in = 4.50 for tickets');
  for (const log of [[moved], [second(99n), moved], [second(100n)]]) {
    const [broken] = await findingsOf([held, success, activation, ...log], 4);
    expect(broken).toMatchObject({ holds: false });
  }
});

test.each([
  ['more of it goes back than came', [returned('one', 250n), returned('two', 101n)]],
  ['the purchase flow gives back what bought a ticket', [returned('one', 350n, 'event-1')]],
  ['a refund is out twice', [returned('one', 100n), out('one', 100n), out('one', 100n)]],
  ['another sum is out than was asked for', [returned('one', 100n), out('one', 101n)]],
  ['a refund is out that nobody asked for', [out('one', 100n)]],
])('it is a fault when %s', async (_what, events) => {
  const findings = await findingsOf([held, success, activation, ...events], 4);
  expect(findings.every(({ holds }) => holds)).toBe(false);
});
