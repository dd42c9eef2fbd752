import { expect, test } from 'vitest';
import { findingsOf } from './audit.suite.ts';
import { createVoidAudit } from './void-audit.ts';

const ticketId = 'ticket';
const asked = (voidId: string) => ({ type: 'VoidAsked', data: { ticketId, voidId } });
const denied = (voidId: string) => ({ type: 'VoidDenied', data: { ticketId, voidId, entered: 2 } });
const stays = (voidId: string) => ({ type: 'TicketVoidDenied', data: { ticketId, voidId } });
const moved = (voidId: string) => ({ type: 'TicketMoved', data: { ticketId, leaving: { voidId } } });
const movedAway = (voidId: string) => ({ type: 'VoidAsked', data: { ticketId, voidId, why: 'moved' } });
const left = (voidId: string) => ({ type: 'TicketLeftDay', data: { ticketId, voidId } });
const undone = (voidId: string) => ({ type: 'TicketMoveUndone', data: { ticketId, voidId } });
const cancelled = { type: 'TicketCancelled', data: { ticketId } };

test.each([
  ['its gates ended the ticket', [asked('one'), cancelled]],
  ['they denied it, and it stays', [asked('one'), denied('one'), stays('one')]],
  ['a manager insisted after that', [asked('one'), denied('one'), stays('one'), asked('two'), cancelled]],
  ['a manager insisted before they denied the first question', [asked('one'), asked('two'), denied('one'), cancelled]],
  ['nobody was asked', [cancelled]],
  ['they ended the day that it left', [moved('one'), movedAway('one'), left('one')]],
  ['they denied it, and the move was undone', [moved('one'), movedAway('one'), denied('one'), undone('one')]],
  [
    'they denied the move, and granted the end of the ticket',
    [moved('one'), movedAway('one'), denied('one'), cancelled],
  ],
])('it holds: %s', async (_what, events) => {
  expect(await findingsOf(createVoidAudit(), events)).toMatchObject([{ holds: true, inProgress: false }]);
});

test('it is a fault when a ticket is cancelled by a question that its gates denied, also when they say so later', async () => {
  for (const events of [
    [asked('one'), denied('one'), cancelled],
    [asked('one'), cancelled, denied('one')],
  ]) {
    const [found] = await findingsOf(createVoidAudit(), events);
    expect(found).toMatchObject({ holds: false });
    expect(found?.text).toContain('ticket ticket was cancelled, and its gates had let in 2 people');
  }
});

test('it is a fault when a ticket has left a day on which its gates had let somebody in', async () => {
  const [found] = await findingsOf(createVoidAudit(), [moved('one'), movedAway('one'), left('one'), denied('one')]);
  expect(found).toMatchObject({ holds: false });
  expect(found?.text).toContain('ticket ticket left a day, and its gates had let in 2 people');
});

test.each([
  ['moves', '1 move waiting', [moved('one'), movedAway('one')]],
  ['cancellations', '1 cancellation waiting', [asked('one'), denied('one')]],
])('it says how many %s wait for the gates, and that they are in progress', async (_what, text, events) => {
  const [found] = await findingsOf(createVoidAudit(), events);
  expect(found).toMatchObject({ holds: true, inProgress: true });
  expect(found?.text).toContain(text);
});
