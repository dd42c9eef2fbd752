import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WhyCancelled } from '../contract.ts';
import { capacityAccount, day } from './capacity.ts';
import { Counters } from './counters.suite.ts';
import { ticket } from './ticket.ts';
import type { TicketCommand, TicketState, TicketTerms } from './ticket-messages.ts';

const PARK = 'ala-archa';
const DATE = '2026-12-05';
const CLOSES_AT_MS = 10_000;
const open = { kind: 'open', parkId: PARK, date: DATE, quota: 12 } as const;

describe('a day', () => {
  test('opens once, with its whole quota free', () => {
    const opened = day.decide(open, day.initial);
    expect(opened).toMatchObject({ ok: true, value: [{ type: 'DayOpened', data: { quota: 12 } }] });
    const events = opened.ok ? opened.value : [];
    expect(events.flatMap((event) => day.transfersOf?.(event) ?? [])).toEqual([
      { from: null, to: `capacity/${PARK}/${DATE}/free`, amount: 12 },
    ]);
    expect(day.decide({ ...open, quota: 99 }, events.reduce(day.evolve, day.initial))).toEqual({ ok: true, value: [] });
  });

  test('that nobody has sold yet has no quota to change', () => {
    expect(day.decide({ ...open, kind: 'change' }, day.initial)).toEqual({ ok: true, value: [] });
  });

  test.each([
    { from: 12, to: 15, transfers: [{ from: null, to: `capacity/${PARK}/${DATE}/free`, amount: 3 }] },
    { from: 12, to: 5, transfers: [{ from: `capacity/${PARK}/${DATE}/free`, to: null, amount: 7, overdraws: true }] },
    { from: 12, to: 12, transfers: [] },
  ])('whose quota goes from $from to $to moves the difference', ({ from, to, transfers }) => {
    const changed = day.decide({ ...open, kind: 'change', quota: to }, { quota: from });
    const events = changed.ok ? changed.value : [];
    expect(events.flatMap((event) => day.transfersOf?.(event) ?? [])).toEqual(transfers);
    expect(events.reduce(day.evolve, { quota: from })).toEqual({ quota: to });
  });

  test('without places moves nothing', () => {
    const data = { parkId: PARK, date: DATE, quota: 0 };
    expect(day.transfersOf?.({ type: 'DayOpened', data })).toEqual([]);
  });
});

const termsOf = (index: number, places: number, nowMs: number): TicketTerms => ({
  ticketId: `ticket-${index}`,
  userId: 'guest',
  subjectId: 'guest',
  parkId: PARK,
  visitDate: DATE,
  ticketType: 'single',
  qrCode: `qr-${index}`,
  children: [],
  adults: 0,
  places,
  priceTyiyn: index === 0 ? 0n : 35_000n,
  priceLines: [],
  promo: null,
  tier: null,
  pointsSpent: 0,
  passId: null,
  createdAtMs: nowMs,
  expiresAtMs: Math.min(nowMs + 1_500, CLOSES_AT_MS),
  validFromMs: 0,
  validUntilMs: CLOSES_AT_MS,
  closesAtMs: CLOSES_AT_MS,
});

type Move = {
  readonly ticket: number;
  readonly places: number;
  readonly waitMs: number;
  readonly kind: Exclude<TicketCommand['kind'], 'move'>;
  readonly why: WhyCancelled;
  /** The manager sets this quota first; null leaves it. */
  readonly quota: number | null;
  readonly paymentId: string;
  readonly paidTyiyn: bigint;
};

const TICKETS = 6;
const moves = fc.array(
  fc.record<Move>({
    ticket: fc.nat({ max: TICKETS - 1 }),
    places: fc.integer({ min: 1, max: 6 }),
    waitMs: fc.nat({ max: 900 }),
    kind: fc.constantFrom(
      'hold',
      'hold',
      'keep',
      'expire',
      'settle',
      'settle',
      'refuse_payment',
      'remember_sale',
      'sell',
      'cancel',
      'cancel',
      'ask_void',
      'end_void',
      'mark_refunded',
      'end_day',
    ),
    why: fc.constantFrom('guest', 'staff', 'day_closed', 'override'),
    quota: fc.option(fc.nat({ max: 20 }), { freq: 5 }),
    paymentId: fc.constantFrom('first', 'second'),
    paidTyiyn: fc.constantFrom(35_000n, 35_000n, 35_000n, 1n),
  }),
  { maxLength: 60 },
);

function commandOf({ kind, ticket: index, places, paymentId, paidTyiyn, why }: Move, nowMs: number): TicketCommand {
  switch (kind) {
    case 'hold':
      return { kind, terms: termsOf(index, places, nowMs), admissionCode: 'code' };
    case 'keep':
      return { kind, userId: 'guest', paymentId, nowMs };
    case 'expire':
      return { kind, nowMs };
    case 'settle':
      return { kind, paymentId, paidTyiyn, nowMs, admissionCode: 'code' };
    case 'refuse_payment':
      return { kind, paymentId, why: 'park_at_capacity', nowMs };
    case 'remember_sale':
      return { kind, admissionCode: 'code', nowMs };
    case 'sell':
      return { kind, terms: termsOf(index, places, nowMs), paymentId, admissionCode: 'code' };
    case 'cancel':
      return { kind, why, userId: 'guest', reason: null, today: nowMs < CLOSES_AT_MS ? '2026-12-04' : DATE, nowMs };
    case 'ask_void': {
      const today = nowMs < CLOSES_AT_MS ? '2026-12-04' : DATE;
      return { kind, voidId: paymentId, why, userId: 'guest', reason: null, today, nowMs };
    }
    case 'end_void':
      return { kind, voidId: paymentId, denied: places > 4 ? { entered: 1 } : null, nowMs };
    case 'end_leaving':
      return { kind, voidId: paymentId, denied: places > 4 ? { entered: 1 } : null, admissionCode: 'code', nowMs };
    case 'mark_refunded':
      return { kind, paymentId, refundId: 'refund', nowMs };
    case 'end_day':
      return { kind, nowMs };
  }
}

const placesIn = (states: readonly TicketState[], counts: (state: TicketState, index: number) => boolean): number =>
  states.reduce((sum, state, index) => sum + (counts(state, index) ? (state.terms?.places ?? 0) : 0), 0);

/** Sold places stay sold when the day ends. */
const isSold = ({ status, activated }: TicketState): boolean =>
  activated && (status === 'active' || status === 'expired');

test('whatever happens to a day and its tickets, in any order: free + held + sold = quota + deficit, and nothing is sold while there is one', () => {
  fc.assert(
    fc.property(moves, (schedule) => {
      const counters = new Counters(PARK, DATE);
      expect(counters.apply([{ from: null, to: capacityAccount(PARK, DATE, 'free'), amount: 12 }])).toBe(true);
      let quota = 12;
      const states = Array.from({ length: TICKETS }, () => ticket.initial);
      let nowMs = 0;
      // A manager's override frees nothing: somebody may be inside.
      const overridden = new Set<number>();
      for (const move of schedule) {
        nowMs += move.waitMs;
        const changed = day.decide({ ...open, kind: 'change', quota: move.quota ?? quota }, { quota });
        if (changed.ok)
          expect(counters.apply(changed.value.flatMap((event) => day.transfersOf?.(event) ?? []))).toBe(true);
        quota = move.quota ?? quota;
        const deficitBefore = Math.max(0, -counters.of('free'));
        const takenBefore = counters.of('held') + counters.of('sold');
        const before = states[move.ticket] ?? ticket.initial;
        const decided = ticket.decide(commandOf(move, nowMs), before);
        const events = decided.ok ? decided.value : [];
        const isStored = counters.apply(events.flatMap((event) => ticket.transfersOf?.(event) ?? []));
        if (isStored) states[move.ticket] = events.reduce(ticket.evolve, before);
        if (isStored && events.some(({ type, data }) => type === 'TicketCancelled' && data.freedFrom === null)) {
          overridden.add(move.ticket);
        }
        const taken = counters.of('held') + counters.of('sold');
        expect(counters.of('free') + taken).toBe(quota);
        if (deficitBefore > 0) expect(taken).toBeLessThanOrEqual(takenBefore);
        else expect(taken).toBeLessThanOrEqual(quota);
        expect(counters.of('held')).toBe(placesIn(states, ({ status }) => status === 'held'));
        expect(counters.of('sold')).toBe(placesIn(states, (state, index) => isSold(state) || overridden.has(index)));
      }
    }),
    { numRuns: 500 },
  );
});
