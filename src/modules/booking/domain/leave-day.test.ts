import { describe, expect, test } from 'vitest';
import { paidFor } from './leave-day.ts';
import { ticket, verdictOn } from './ticket.ts';
import type { TicketCommand } from './ticket-messages.ts';
import { given, keepAt, MINUTE_MS, settleAt, terms, typesOf } from './ticket.suite.ts';

const [OLD_DAY, NEW_DAY, DAY_BEFORE] = ['2026-12-05', '2026-12-07', '2026-12-04'];
const GATES_OPEN_MS = 2_000 * MINUTE_MS;
const MOVED_AT_MS = 1_000 * MINUTE_MS;
const promo = { promoId: 'promo', code: 'WINTER26', percent: 10, sumTyiyn: null };
const sold = { ...terms, validFromMs: GATES_OPEN_MS, promo, pointsSpent: 50 };
const paid: readonly TicketCommand[] = [
  { kind: 'hold', terms: sold, admissionCode: null },
  settleAt(terms.createdAtMs),
];

const moveTo = (priceTyiyn: bigint, more: object = {}): TicketCommand => ({
  kind: 'move',
  userId: 'guest',
  to: {
    day: {
      visitDate: NEW_DAY,
      children: terms.children,
      priceTyiyn,
      priceLines: [],
      validFromMs: 9_000 * MINUTE_MS,
      validUntilMs: 9_900 * MINUTE_MS,
      closesAtMs: 9_800 * MINUTE_MS,
    },
    returnedPromo: null,
    pointsSpent: 50,
    ...more,
  },
  voidId: 'question',
  today: DAY_BEFORE,
  nowMs: MOVED_AT_MS,
  admissionCode: 'new code',
});
const cheaper = moveTo(30_000n, { returnedPromo: promo, pointsSpent: 20 });
const dearer: readonly TicketCommand[] = [
  ...paid,
  moveTo(45_000n),
  keepAt(MOVED_AT_MS, 'difference'),
  { ...settleAt(MOVED_AT_MS, 'difference', 10_000n), voidId: 'question' } as TicketCommand,
];
const answer = (denied: { readonly entered: number } | null, voidId = 'question'): TicketCommand => ({
  kind: 'end_leaving',
  voidId,
  denied,
  admissionCode: 'old code',
  nowMs: MOVED_AT_MS + 1,
});
const cancel = (why: 'guest' | 'override'): TicketCommand => ({
  kind: 'cancel',
  why,
  userId: why === 'guest' ? 'guest' : null,
  reason: null,
  today: DAY_BEFORE,
  nowMs: MOVED_AT_MS + 2,
});
const askVoid = (why: 'guest' | 'override'): TicketCommand => {
  const { kind: _kind, ...rest } = cancel(why) as Extract<TicketCommand, { readonly kind: 'cancel' }>;
  return { ...rest, kind: 'ask_void', voidId: 'end' };
};
const voided: TicketCommand = { kind: 'end_void', voidId: 'end', denied: null, nowMs: MOVED_AT_MS + 3 };

const transfersOf = (outcome: ReturnType<ReturnType<typeof given>['when']>) =>
  (outcome.events ?? []).flatMap((event) =>
    (ticket.transfersOf?.(event) ?? []).map(({ from, to, amount }) => `${from} > ${to}: ${amount}`),
  );
const places = (date: string, from: string, to: string): string =>
  `capacity/ala-archa/${date}/${from} > capacity/ala-archa/${date}/${to}: 2`;
const PROMO_BACK = [
  'promo/promo/used > promo/promo/left: 1',
  'promo/promo/guest/guest/used > promo/promo/guest/guest/left: 1',
];

describe('a move away from a day whose gates another node serves', () => {
  test('makes the ticket good for the new day, asks about the old one, and gives nothing back yet', () => {
    const outcome = given(...paid).when(cheaper);
    expect(outcome.events).toMatchObject([
      {
        type: 'TicketMoved',
        data: {
          visitDate: NEW_DAY,
          fromDate: OLD_DAY,
          paidTyiyn: 35_000n,
          refundTyiyn: 0n,
          returnedPromo: null,
          pointsSpent: 50,
          leaving: { voidId: 'question', refundTyiyn: 5_000n, returnedPromo: promo, pointsSpent: 20 },
        },
      },
      { type: 'VoidAsked', data: { visitDate: OLD_DAY, voidId: 'question', why: 'moved', paidTyiyn: 5_000n } },
    ]);
    expect(transfersOf(outcome)).toEqual([places(NEW_DAY, 'free', 'sold')]);
    expect(outcome.state).toMatchObject({ status: 'active', voiding: null, terms: { visitDate: NEW_DAY } });
    expect(given(...paid, cheaper).when(cheaper).events).toEqual([]);
  });

  test('gives all of it back once they say that nobody came in; told twice, once', () => {
    const outcome = given(...paid, cheaper).when(answer(null));
    expect(outcome.events).toMatchObject([
      {
        type: 'TicketLeftDay',
        data: { visitDate: OLD_DAY, paymentId: 'payment', paidTyiyn: 30_000n, refundTyiyn: 5_000n, pointsSpent: 20 },
      },
    ]);
    expect(transfersOf(outcome)).toEqual([places(OLD_DAY, 'sold', 'free'), ...PROMO_BACK]);
    expect(outcome.state).toMatchObject({ leaving: null, paidTyiyn: 30_000n, terms: { promo: null, pointsSpent: 20 } });
    expect(given(...paid, cheaper, answer(null)).when(answer(null)).events).toEqual([]);
    expect(given(...paid, cheaper, answer(null)).when(answer({ entered: 1 })).events).toEqual([]);
    expect(given(...paid, cheaper).when(answer(null, 'another')).events).toEqual([]);
  });

  test('is undone where somebody had come in: the ticket is as it was, and the new day is free', () => {
    const outcome = given(...paid, cheaper).when(answer({ entered: 1 }));
    expect(outcome.events).toMatchObject([
      {
        type: 'TicketMoveUndone',
        data: { visitDate: OLD_DAY, fromDate: NEW_DAY, entered: 1, paidTyiyn: 35_000n, difference: null },
      },
    ]);
    expect(transfersOf(outcome)).toEqual([places(NEW_DAY, 'sold', 'free')]);
    expect(outcome.state?.terms).toEqual(sold);
    expect(outcome.state).toMatchObject({ leaving: null, paidTyiyn: 35_000n, status: 'active' });
    expect(given(...paid, cheaper, answer({ entered: 1 })).when(answer({ entered: 1 })).events).toEqual([]);
  });

  test('that was paid for gives that payment back when it is undone, and nobody takes it a second time', () => {
    const undone = given(...dearer).when(answer({ entered: 2 }));
    expect(undone.events).toMatchObject([
      { data: { paidTyiyn: 35_000n, difference: { paymentId: 'difference', paidTyiyn: 10_000n } } },
    ]);
    expect(undone.state?.difference).toBeNull();
    const history = [...dearer, answer({ entered: 2 })];
    expect(given(...history).when(settleAt(MOVED_AT_MS + 9, 'difference', 10_000n)).events).toEqual([]);
    expect(verdictOn(given(...history).state, 'difference')).toBe('accepted');
    expect(given(...dearer).when(answer(null)).events).toMatchObject([
      { data: { paidTyiyn: 45_000n, refundTyiyn: 0n } },
    ]);
  });

  test('does not end with its new day before the gates of the old one have answered', () => {
    const endDay: TicketCommand = { kind: 'end_day', nowMs: 10_000 * MINUTE_MS };
    expect(given(...paid, cheaper).when(endDay).events).toEqual([]);
    expect(typesOf(given(...paid, cheaper, answer(null)).when(endDay))).toEqual(['TicketExpired']);
  });
});

describe('a ticket that is cancelled while it leaves a day', () => {
  test.each([
    ['at its own gates', [...paid, cheaper], cancel('guest')],
    ['by an answer that came first', [...paid, cheaper, askVoid('guest')], voided],
  ] as const)('gives back both days and everything paid, once: %s', (_how, history, command) => {
    const outcome = given(...history).when(command);
    expect(outcome.events).toMatchObject([
      { type: 'TicketLeftDay', data: { visitDate: OLD_DAY, refundTyiyn: 0n, returnedPromo: null, pointsSpent: 50 } },
      { type: 'TicketCancelled', data: { visitDate: NEW_DAY, paidTyiyn: 35_000n, promo, pointsSpent: 50 } },
    ]);
    const free = [places(OLD_DAY, 'sold', 'free'), places(NEW_DAY, 'sold', 'free')];
    expect(transfersOf(outcome)).toEqual([...free, ...PROMO_BACK]);
    expect(given(...history, command).when(answer(null)).events).toEqual([]);
  });

  test('by override keeps the places of both days: somebody may be inside', () => {
    const history = [...paid, cheaper, askVoid('override')];
    const outcome = given(...history).when(voided);
    expect(outcome.events).toMatchObject([{ type: 'TicketCancelled', data: { paidTyiyn: 35_000n, freedFrom: null } }]);
    expect(given(...history, voided).when(answer({ entered: 1 })).events).toEqual([]);
  });

  test('of both questions each has its own answer', () => {
    const history = [...paid, cheaper, askVoid('guest')];
    expect(given(...history, answer({ entered: 1 })).when({ ...voided, denied: { entered: 1 } }).events).toMatchObject([
      { type: 'TicketVoidDenied', data: { visitDate: OLD_DAY, entered: 1 } },
    ]);
    expect(typesOf(given(...history, answer(null)).when(voided))).toEqual(['TicketCancelled']);
  });
});

describe('what stays paid for the day on which the party came in', () => {
  const denied = answer({ entered: 1 });
  const paidOn = (commands: readonly TicketCommand[], day: string) => paidFor(given(...commands).state, day);

  test.each<[string, readonly TicketCommand[], bigint, bigint]>([
    ['cheaper', [...paid, cheaper], 35_000n, 30_000n],
    ['dearer', dearer, 35_000n, 45_000n],
  ])(
    'is the price of that day after a move to a %s one, before the gates have answered and after',
    (_how, moved, old, now) => {
      expect([paidOn(moved, OLD_DAY), paidOn(moved, NEW_DAY)]).toEqual([old, now]);
      expect(paidOn([...moved, denied], OLD_DAY)).toBe(old);
      expect(paidOn([...moved, answer(null)], NEW_DAY)).toBe(now);
    },
  );
});
