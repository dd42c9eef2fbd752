import { describe, expect, test } from 'vitest';
import {
  dayAtGate,
  endedOffline,
  gateRefusal,
  LATEST_ARRIVAL_MS,
  newsIn,
  type GateView,
  type TicketStanding,
} from './gate-check.ts';

const at = (time: string): number => Date.parse(`${time}+06:00`);

const ticket: TicketStanding = {
  parkId: 'ala-archa',
  visitDate: '2026-12-05',
  movedFrom: null,
  leaving: null,
  partySize: 4,
  status: 'active',
  isPaid: true,
  validFromMs: at('2026-12-05T09:00:00'),
  validUntilMs: at('2026-12-05T20:30:00'),
};

const claims = { ...ticket, ticketId: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e' };
const scannedAt = (time: string): Partial<GateView> => ({
  scannedAtMs: at(time),
  nowMs: at(time),
  scanDate: time.slice(0, 10),
});
const NOON = at('2026-12-05T12:00:00');
const view: GateView = { rightPark: true, claims, scannedAtMs: NOON, nowMs: NOON, scanDate: '2026-12-05' };

test.each<[string, Partial<TicketStanding>, Partial<GateView>, string | null]>([
  ['an active ticket on its day', {}, {}, null],
  ['a used one: who is left decides elsewhere', { status: 'used' }, {}, null],
  ['a qr_code instead of a signed code', {}, { claims: null }, null],
  ['an hour before opening', {}, scannedAt('2026-12-05T09:00:00'), null],
  ['a moment too early', {}, scannedAt('2026-12-05T08:59:59.999'), 'wrong_date'],
  ['half an hour after closing', {}, scannedAt('2026-12-05T20:30:00'), null],
  ['a scan that arrives after seven days', {}, { nowMs: NOON + LATEST_ARRIVAL_MS }, null],
  ['a scan that arrives later than that', {}, { nowMs: NOON + LATEST_ARRIVAL_MS + 1 }, 'expired'],
  ['a moment too late, the same day', {}, scannedAt('2026-12-05T20:30:00.001'), 'expired'],
  ['the day before', {}, scannedAt('2026-12-04T12:00:00'), 'wrong_date'],
  ['the day after', {}, scannedAt('2026-12-06T12:00:00'), 'wrong_date'],
  [
    'past midnight while the gates are open',
    { validUntilMs: at('2026-12-06T00:15:00') },
    scannedAt('2026-12-06T00:10:00'),
    null,
  ],
  [
    'past midnight when they are not',
    { validUntilMs: at('2026-12-06T00:15:00') },
    scannedAt('2026-12-06T00:20:00'),
    'wrong_date',
  ],
  ['another park', {}, { rightPark: false }, 'wrong_park'],
  ['not paid', { status: 'pending_payment' }, {}, 'not_paid'],
  ['cancelled', { status: 'cancelled' }, {}, 'cancelled'],
  ['paid back', { status: 'refunded' }, {}, 'cancelled'],
  ['expired', { status: 'expired' }, {}, 'expired'],
  [
    'a code from before the ticket moved to this date',
    {},
    { claims: { ...claims, visitDate: '2026-12-04' } },
    'revoked',
  ],
  ['a code from before the ticket moved to this park', {}, { claims: { ...claims, parkId: 'osh' } }, 'revoked'],
  ['a code from before the party shrank', {}, { claims: { ...claims, partySize: 5 } }, 'revoked'],
])('%s', (_what, change, look, expected) => {
  expect(gateRefusal({ ...ticket, ...change }, { ...view, ...look })).toBe(expected);
});

describe('the first reason in the order of the rules decides', () => {
  const late = scannedAt('2026-12-06T12:00:00');
  const outdated = { claims: { ...claims, partySize: 5 } };
  test.each<[string, Partial<TicketStanding>, Partial<GateView>]>([
    ['revoked', { status: 'cancelled' }, { ...outdated, ...late, rightPark: false }],
    ['wrong_park', { status: 'cancelled' }, { ...late, rightPark: false }],
    ['wrong_date', { status: 'cancelled' }, late],
    ['wrong_date', { status: 'pending_payment' }, late],
    ['cancelled', { status: 'cancelled' }, scannedAt('2026-12-05T23:00:00')],
    ['not_paid', { status: 'pending_payment' }, scannedAt('2026-12-05T23:00:00')],
  ])('%s', (expected, change, look) => {
    expect(gateRefusal({ ...ticket, ...change }, { ...view, ...look })).toBe(expected);
  });
});

describe('a truly signed code tells of its ticket', () => {
  const unpaid = { status: 'pending_payment', isPaid: false } as const;
  const lapsed = { status: 'expired', isPaid: false } as const;
  const paid = { status: 'active', isPaid: true } as const;
  const earlier = { visitDate: '2026-12-01', validFromMs: at('2026-12-01T09:00:00'), validUntilMs: 0 };
  const { visitDate, validFromMs, validUntilMs } = ticket;
  const newDay = { visitDate, validFromMs, validUntilMs, movedFrom: '2026-12-01' };
  const moved = { ...ticket, visitDate: '2026-12-08', movedFrom: '2026-12-05' };

  test.each<[string, Partial<TicketStanding>, Partial<TicketStanding> | null]>([
    ['nothing that is not known', {}, null],
    ['nothing of what became of it later', { status: 'cancelled' }, null],
    ['nothing of a day that is over', { status: 'expired' }, null],
    ['that it was paid', unpaid, paid],
    ['that late money took the place again', lapsed, paid],
    ['that it has moved to this day', earlier, newDay],
    ['that it was paid, and has moved', { ...earlier, ...unpaid }, { ...paid, ...newDay }],
    ['nothing about another park', { ...unpaid, parkId: 'osh' }, null],
    ['nothing about another party', { ...unpaid, partySize: 5 }, null],
  ])('%s', (_what, change, news) => {
    const known = { ...ticket, ...change };
    expect(newsIn(claims, known)).toEqual(news);
    expect(newsIn(claims, { ...known, ...news })).toBeNull();
  });

  test('nothing when it is from before the ticket moved: that one is revoked', () => {
    expect(newsIn(claims, moved)).toBeNull();
    expect(gateRefusal(moved, view)).toBe('revoked');
  });
});

describe('whom a gate that was cut off has let in', () => {
  test('came in on the day of their code', () => {
    const moved = { ...ticket, visitDate: '2026-12-08' };
    expect([dayAtGate(moved, claims), dayAtGate(moved, null)]).toEqual(['2026-12-05', '2026-12-08']);
  });

  test('came in by a ticket that was good, unless it was cancelled, or the code is from before it moved', () => {
    for (const status of ['active', 'used', 'expired'] as const) {
      expect(endedOffline({ ...ticket, status }, claims)).toBeNull();
    }
    expect(endedOffline({ ...ticket, status: 'cancelled' }, claims)).toBe('cancelled');
    expect(endedOffline({ ...ticket, status: 'refunded' }, claims)).toBe('cancelled');
    expect(endedOffline({ ...ticket, visitDate: '2026-12-08', status: 'cancelled' }, claims)).toBe('revoked');
    expect(endedOffline(ticket, { ...claims, partySize: 5 })).toBe('revoked');
  });
});
