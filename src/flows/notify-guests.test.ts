import { expect, test } from 'vitest';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Notice } from '../modules/notify/contract.ts';
import { createNotifyGuestsFlow } from './notify-guests.ts';

const visit = { parkId: 'ala-archa', visitDate: '2026-12-05' };
const ticket = { ...visit, ticketId: 't', userId: 'u', places: 3 };

async function toldOf(
  type: string,
  data: object,
  causationId: string | null = null,
): Promise<readonly (readonly [string, string, Notice])[]> {
  const told: (readonly [string, string, Notice])[] = [];
  const flow = createNotifyGuestsFlow({
    notifyGuest: async ({ noticeId, userId, notice }) => void told.push([noticeId, userId, notice]),
    ownerOf: async (ticketId) => (ticketId === 't' ? 'u' : null),
  });
  const meta: Recorded['meta'] = {
    id: 'event',
    streamId: 'stream',
    aggregateType: 'Thing',
    schemaVersion: 1,
    version: 1,
    position: 7,
    parkId: null,
    actor: 'system',
    correlationId: 'correlation',
    causationId,
    commandId: null,
    occurredAtMs: 5_000,
    recordedAtMs: 6_000,
    nodeId: 'hq',
    incarnation: 'one',
  };
  await flow.handle({ type, data, meta });
  return told;
}

test.each([
  ['TicketActivated', ticket, { kind: 'ticket_paid', ...visit, people: 3 }],
  ['TicketHoldExpired', ticket, { kind: 'hold_expired', ...visit }],
  [
    'TicketCancelled',
    { ...ticket, why: 'guest', paidTyiyn: 5n },
    { kind: 'ticket_cancelled', ...visit, refundTyiyn: 5n },
  ],
  [
    'TicketCancelled',
    { ...ticket, why: 'day_closed', paidTyiyn: 5n },
    { kind: 'day_cancelled', ...visit, refundTyiyn: 5n },
  ],
  ['TicketMoved', { ...ticket, fromDate: '2026-12-04' }, { kind: 'ticket_moved', ...visit, fromDate: '2026-12-04' }],
  [
    'TicketMoveUndone',
    { ...ticket, fromDate: '2026-12-04' },
    { kind: 'move_undone', ...visit, fromDate: '2026-12-04' },
  ],
  ['TicketVoidDenied', { ...ticket, entered: 1 }, { kind: 'cancel_denied', ...visit }],
  ['WaitlistOffered', { ...ticket, untilMs: 9 }, { kind: 'place_offered', ...visit, untilMs: 9 }],
  ['PhoneVerified', { userId: 'u' }, { kind: 'phone_verified' }],
  ['RefundSucceeded', { ticketId: 't', amountTyiyn: 7n }, { kind: 'money_returned', amountTyiyn: 7n }],
])('%s is told to whose ticket it is, once an event', async (type, data, notice) => {
  expect(await toldOf(type, data)).toEqual([['event', 'u', notice]]);
});

test('a ticket that was sold at the desk has nobody to tell', async () => {
  expect(await toldOf('TicketActivated', { ...ticket, userId: null })).toEqual([]);
  expect(await toldOf('RefundSucceeded', { ticketId: 'desk', amountTyiyn: 7n })).toEqual([]);
});

test('roles that were given and taken together are told of once, and without naming them, whatever the caller names its request', async () => {
  const role = { userId: 'u', role: 'gate', parkId: 'ala-archa' };
  const notice = { kind: 'roles_changed' };
  expect(await toldOf('RoleGranted', role, 'change')).toEqual([['roles:u/change', 'u', notice]]);
  expect(await toldOf('RoleRevoked', { ...role, role: 'manager' }, 'change')).toEqual([
    ['roles:u/change', 'u', notice],
  ]);
  expect(await toldOf('RoleRevoked', role)).toEqual([['roles:u/event', 'u', notice]]);
});
