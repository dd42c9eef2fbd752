import { expect, test } from 'vitest';
import { findingsOf } from './audit.suite.ts';
import { createVoidAudit } from './void-audit.ts';

const ticketId = 'ticket';
const asked = (voidId: string) => ({ type: 'VoidAsked', data: { ticketId, voidId } });
const denied = (voidId: string) => ({ type: 'VoidDenied', data: { ticketId, voidId, entered: 2 } });
const stays = (voidId: string) => ({ type: 'TicketVoidDenied', data: { ticketId, voidId } });
const cancelled = { type: 'TicketCancelled', data: { ticketId } };

test.each([
  ['its gates ended the ticket', [asked('one'), cancelled]],
  ['they denied it, and it stays', [asked('one'), denied('one'), stays('one')]],
  ['a manager insisted after that', [asked('one'), denied('one'), stays('one'), asked('two'), cancelled]],
  ['a manager insisted before they denied the first question', [asked('one'), asked('two'), denied('one'), cancelled]],
  ['nobody was asked', [cancelled]],
])('it holds: %s', async (_what, events) => {
  expect(await findingsOf(createVoidAudit(), events)).toMatchObject([{ holds: true }]);
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
