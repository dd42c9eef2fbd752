import { expect, test } from 'vitest';
import { findingsOf } from './audit.suite.ts';
import { createPassAudit } from './pass-audit.ts';

const passId = 'pass';
const ofPass = (type: string, data: object) => ({ type, aggregateType: 'Pass', data: { passId, ...data } });
const issued = (visits: number | null = 2) => ofPass('PassIssued', { visits });
const booked = (ticketId: string, visitDate: string) => [
  ofPass('PassVisitBooked', { ticketId, visitDate }),
  { type: 'TicketHeld', data: { ticketId, passId } },
];
const moved = (ticketId: string, visitDate: string) => ofPass('PassVisitMoved', { ticketId, visitDate });
const returned = (ticketId: string) => ofPass('PassVisitReturned', { ticketId, visitDate: '2026-12-05' });
const ended = ofPass('PassCancelled', {});
const cancelled = (ticketId: string) => ({ type: 'TicketCancelled', data: { ticketId } });
const first = booked('one', '2026-12-05');
const second = booked('two', '2026-12-06');

const findingOf = async (...events: Parameters<typeof findingsOf>[1]) =>
  (await findingsOf(createPassAudit(), events))[0];

test('visits up to the number of a pass hold, also of one that was cancelled afterwards', async () => {
  const finding = await findingOf(issued(), ...first, ...second, ended);
  expect(finding).toMatchObject({ subject: 'passes', holds: true });
  expect(finding?.text).toBe('1 pass, 1 of them cancelled: 2 visits booked, 0 came back');
});

test('a visit that came back of a cancelled ticket may be booked again, and a visit may move', async () => {
  const again = [cancelled('one'), returned('one'), ...booked('three', '2026-12-05'), moved('three', '2026-12-07')];
  expect(await findingOf(issued(), ...first, ...second, ...again)).toMatchObject({ holds: true });
});

test.each([
  ['more visits than it has', 'gave more than its 1 visits', [issued(1), ...first, ...second]],
  ['two visits on one day', 'gave two visits on 2026-12-05', [issued(null), ...first, ...booked('two', '2026-12-05')]],
  ['a move to a day it is used on', 'gave two visits', [issued(), ...first, ...second, moved('two', '2026-12-05')]],
  ['a visit after its end', 'gave a visit after it was cancelled', [issued(), ended, ...first]],
  ['a visit of a pass that never was', 'was never issued', first],
  ['a visit without a ticket', 'which is not of it', [issued(), ...first.slice(0, 1)]],
  ['a ticket without a visit', 'took no visit', [issued(), ...first.slice(1)]],
  ['a visit that came back of a ticket that stands', 'its visit came back', [issued(), ...first, returned('one')]],
  ['a visit that came back without being booked', 'was not booked', [issued(), cancelled('one'), returned('one')]],
])('it is a fault: %s', async (_what, fault, events) => {
  const finding = await findingOf(...events);
  expect(finding?.holds).toBe(false);
  expect(finding?.text).toContain(fault);
});
