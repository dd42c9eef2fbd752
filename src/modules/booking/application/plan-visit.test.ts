import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createZone } from '../../../infrastructure/zone.ts';
import { createPlanVisit, type ChildInput, type VisitRequest } from './plan-visit.ts';
import type { PromoCode } from '../domain/promo-code.ts';
import type { ParkDays } from './ports.ts';
import { createPriceVisit } from './price-visit.ts';
import { createQuoteTicket } from './quote-ticket.ts';
import { createFindVisitDay } from './visit-day.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const clock = createManualClock(NOON_MS);
const known = [
  { childId: 'aibek', name: 'Aibek Asanov', birthDate: '2021-03-01' },
  { childId: 'baby', name: 'Baby', birthDate: '2026-12-10' },
];
const hours = { openTime: '10:00', closeTime: '21:00' };
let closedDates: readonly string[] = [];

const parkDays: ParkDays = async (parkId, date) =>
  parkId !== 'ala-archa'
    ? null
    : {
        timeZone: 'Asia/Bishkek',
        hours: closedDates.includes(date) ? null : hours,
        dayQuota: 300,
        priceUnder3Tyiyn: 15_000n,
        priceOver3Tyiyn: 35_000n,
        priceAdultTyiyn: 0n,
        groupPercent: 10,
      };

const promo: PromoCode = {
  promoId: 'promo',
  code: 'WINTER26',
  percent: 15,
  sumTyiyn: null,
  validFrom: '2026-12-01',
  validUntil: '2026-12-10',
  datesOf: 'visit',
  parkIds: ['ala-archa'],
  minPriceTyiyn: 30_000n,
  totalLimit: 10,
  limitPerGuest: 1,
  active: true,
};
const standing = { points: 100, tierName: 'explorer', tierPercent: 3, pointTyiyn: 100n, spendablePercent: 50 };
const nobody = { ...standing, points: 0, tierName: 'beginner', tierPercent: 0 };

const planVisit = createPlanVisit({
  findVisitDay: createFindVisitDay({ parkDays, clock, zone: createZone() }),
  childrenOf: async (userId) => (userId === 'parent' ? known : []),
  priceVisit: createPriceVisit({
    findPromo: async (code) => (code.toUpperCase() === promo.code ? promo : null),
    standings: async (userId) => (userId === 'spender' ? standing : nobody),
  }),
});

const quoting = { planVisit, passObstacle: async () => null };

const aged = (age: number): ChildInput => ({ name: 'Child', age });
const born = (birthDate: string): ChildInput => ({ name: 'Child', birthDate });
const visit: VisitRequest = {
  userId: 'parent',
  parkId: 'ala-archa',
  visitDate: '2026-12-08',
  ticketType: undefined,
  children: [aged(5)],
  adults: 1,
};

/** The plan, or the refusal, at an instant. */
async function plan(change: Partial<VisitRequest> = {}, at = '2026-12-05T06:00:00Z') {
  clock.set(Date.parse(at));
  const planned = await planVisit({ ...visit, ...change });
  return planned.ok ? planned.value : planned.refusal;
}

describe('the day', () => {
  test('is one of the park, not of UTC: in Bishkek midnight is at 18:00', async () => {
    const today = { visitDate: '2026-12-05' };
    const beforeMidnight = await plan(today, '2026-12-05T17:59:59.999Z');
    expect(beforeMidnight).toEqual({ code: 'park_closed' });
    expect(await plan(today, '2026-12-05T18:00:00Z')).toEqual({
      code: 'date_not_bookable',
      from: '2026-12-06',
      to: '2027-03-06',
    });
    expect(await plan({ visitDate: '2026-12-06' }, '2026-12-05T18:00:00Z')).toHaveProperty('places', 2);
  });

  test('today is sold until the millisecond of closing', async () => {
    const today = { visitDate: '2026-12-05' };
    expect(await plan(today, '2026-12-05T14:59:59.999Z')).toHaveProperty('places', 2);
    expect(await plan(today, '2026-12-05T15:00:00Z')).toEqual({ code: 'park_closed' });
  });

  test.each([
    ['2026-12-05', true],
    ['2026-12-04', false],
    ['2027-03-05', true],
    ['2027-03-06', false],
  ])('today to today + 90 can be booked, both included: %s %s', async (visitDate, isBookable) => {
    const planned = await plan({ visitDate });
    if (isBookable) expect(planned).toHaveProperty('places');
    else expect(planned).toEqual({ code: 'date_not_bookable', from: '2026-12-05', to: '2027-03-05' });
  });

  test('a closed day and an unknown park are told apart', async () => {
    closedDates = ['2026-12-08'];
    expect(await plan()).toEqual({ code: 'park_closed' });
    closedDates = [];
    expect(await plan({ parkId: 'nowhere' })).toEqual({ code: 'park_not_found' });
  });

  test('gates open an hour before opening and close half an hour after closing', async () => {
    expect(await plan()).toMatchObject({
      validFromMs: Date.parse('2026-12-08T03:00:00Z'),
      closesAtMs: Date.parse('2026-12-08T15:00:00Z'),
      validUntilMs: Date.parse('2026-12-08T15:30:00Z'),
      plannedAtMs: NOON_MS,
    });
  });
});

describe('children', () => {
  test('age and age band are those of the visit, not of today', async () => {
    const children = [born('2023-12-08'), born('2023-12-09'), aged(6), aged(7), aged(12), aged(13), aged(17)];
    expect(await plan({ children, adults: 0 })).toMatchObject({
      children: [
        { age: 3, ageBand: '3-6', birthDate: '2023-12-08' },
        { age: 2, ageBand: '0-2' },
        { age: 6, ageBand: '3-6', birthDate: null },
        { age: 7, ageBand: '7-12' },
        { age: 12, ageBand: '7-12' },
        { age: 13, ageBand: '13-17' },
        { age: 17, ageBand: '13-17' },
      ],
      price: { totalTyiyn: 6n * 35_000n + 15_000n },
      places: 7,
    });
  });

  test('a child of the profile comes with its name and birth date', async () => {
    expect(await plan({ children: [{ childId: 'aibek' }] })).toMatchObject({
      children: [{ childId: 'aibek', name: 'Aibek Asanov', birthDate: '2021-03-01', age: 5 }],
    });
  });

  test.each(['   ', 'a\nb', '\u200b', 'a\u2028b'])('with the name %j cannot be called and is refused', async (name) => {
    expect(await plan({ children: [aged(5), { name, age: 5 }] })).toMatchObject({
      code: 'bad_child',
      index: 1,
      message: expect.stringMatching(/^name /),
    });
  });

  test('a name is kept without the spaces around it', async () => {
    expect(await plan({ children: [{ name: ' Ayana ', age: 5 }] })).toMatchObject({ children: [{ name: 'Ayana' }] });
  });

  test('one who is born on the day of the visit may come, one who is born later may not', async () => {
    const children = [{ childId: 'baby' }];
    expect(await plan({ children, visitDate: '2026-12-10' })).toMatchObject({ children: [{ age: 0, ageBand: '0-2' }] });
    expect(await plan({ children, visitDate: '2026-12-09' })).toMatchObject({ code: 'bad_child', index: 0 });
  });

  test('whoever turns 18 by the day of the visit is an adult', async () => {
    expect(await plan({ children: [aged(5), born('2008-12-09')] })).toMatchObject({ children: [{}, { age: 17 }] });
    expect(await plan({ children: [aged(5), born('2008-12-08')] })).toMatchObject({ code: 'bad_child', index: 1 });
  });

  test('a child of somebody else is not found, like one that does not exist', async () => {
    const children = [aged(5), { childId: 'aibek' }];
    expect(await plan({ children, userId: 'stranger' })).toEqual({ code: 'child_not_found', index: 1 });
    expect(await plan({ children, userId: null })).toEqual({ code: 'child_not_found', index: 1 });
    expect(await plan({ children: [{ childId: 'nobody' }] })).toEqual({ code: 'child_not_found', index: 0 });
  });

  test('one child cannot come twice, two of the same name can', async () => {
    const twice = [{ childId: 'aibek' }, aged(5), { childId: 'aibek' }];
    expect(await plan({ children: twice })).toMatchObject({ code: 'bad_child', index: 2 });
    expect(await plan({ children: [aged(5), aged(5)] })).toHaveProperty('places', 3);
  });
});

describe('groups', () => {
  const children = (count: number) => Array.from({ length: count }, () => aged(5));

  test('a group of nine is refused, ten are a group whether they say so or not', async () => {
    expect(await plan({ children: children(9), ticketType: 'group' })).toEqual({ code: 'too_few_children' });
    expect(await plan({ children: children(10), ticketType: 'group' })).toHaveProperty('ticketType', 'group');
    expect(await plan({ children: children(10) })).toHaveProperty('ticketType', 'group');
    expect(await plan({ children: children(9), adults: 5 })).toHaveProperty('ticketType', 'single');
  });
});

describe('a quote', () => {
  const quote = createQuoteTicket({ ...quoting, promoUses: { areLeft: async () => true } });

  test('is the price of the ticket', async () => {
    clock.set(NOON_MS);
    const quoted = await quote({ ...visit, userId: null });
    expect(quoted).toMatchObject({ ok: true, value: { totalTyiyn: 35_000n } });
  });

  test('names children of a profile to their signed-in parent only', async () => {
    clock.set(NOON_MS);
    const children = [{ childId: 'aibek' }];
    expect(await quote({ ...visit, children, userId: null })).toEqual({ ok: false, refusal: { code: 'unauthorized' } });
    expect(await quote({ ...visit, children })).toMatchObject({ ok: true });
  });
});

describe('what is taken off', () => {
  const totalOf = async (change: Partial<VisitRequest>) => {
    const planned = await plan(change);
    return 'price' in planned ? planned.price.totalTyiyn : planned;
  };

  test('the tier of whoever is signed in, nobody else', async () => {
    expect(await totalOf({ userId: 'spender' })).toBe(33_950n);
    expect(await totalOf({ userId: null })).toBe(35_000n);
  });

  test('promo code, then tier, then points, each off what is left', async () => {
    // 350.00, less 15 % is 297.50, less 3 % (8.925, half up 8.93) is 288.57, less 100 points is 188.57.
    const planned = await plan({ userId: 'spender', promoCode: 'winter26', points: 100 });
    expect(planned).toMatchObject({
      price: { totalTyiyn: 18_857n },
      promo: { promoId: 'promo', code: 'WINTER26', percent: 15 },
      tier: { name: 'explorer', percent: 3 },
      pointsSpent: 100,
    });
  });

  test('points pay half of what promo code and tier leave, rounded down, and not more than there are', async () => {
    expect(await totalOf({ userId: 'spender', points: 170 })).toEqual({ code: 'points_over_limit', limit: 169 });
    expect(await totalOf({ userId: 'spender', points: 101 })).toEqual({ code: 'points_insufficient', available: 100 });
    expect(await totalOf({ userId: 'parent', points: 1 })).toEqual({ code: 'points_insufficient', available: 0 });
  });

  test.each([
    ['of another name', { promoCode: 'SUMMER26' }, 'promo_not_found'],
    ['after its last day', { promoCode: 'WINTER26', visitDate: '2026-12-11' }, 'promo_expired'],
    ['below its least price', { promoCode: 'WINTER26', children: [aged(2)] }, 'promo_not_applicable'],
  ] as const)('a promo code %s takes nothing off', async (_what, change, code) => {
    expect(await totalOf(change)).toEqual({ code });
  });

  test('an anonymous quote that names points is refused as unauthorized', async () => {
    const quoteTicket = createQuoteTicket({ ...quoting, promoUses: { areLeft: async () => true } });
    expect(await quoteTicket({ ...visit, userId: null, points: 1 })).toMatchObject({
      refusal: { code: 'unauthorized' },
    });
  });

  test('a quote with a promo code that is used up says so', async () => {
    const quoteTicket = createQuoteTicket({ ...quoting, promoUses: { areLeft: async () => false } });
    const quoted = await quoteTicket({ ...visit, userId: null, promoCode: 'WINTER26' });
    expect(quoted).toMatchObject({ refusal: { code: 'promo_used_up' } });
  });
});

describe('a visit of a pass', () => {
  const ofPass = { passId: 'pass', visitDate: '2026-12-08' };

  test('costs nothing, whatever the day and the tier, and is single however many children come', async () => {
    const children = Array.from({ length: 10 }, () => aged(5));
    expect(await plan({ ...ofPass, children })).toMatchObject({
      ticketType: 'single',
      price: { totalTyiyn: 0n, lines: [{ kind: 'pass', quantity: 11, unitTyiyn: 0n, amountTyiyn: 0n }] },
      tier: null,
      pointsSpent: 0,
    });
  });

  test.each([
    [{ promoCode: 'WINTER26' }, { code: 'not_with_pass', what: 'promoCode' }],
    [{ points: 1 }, { code: 'not_with_pass', what: 'points' }],
    [{ ticketType: 'group' }, { code: 'not_with_pass', what: 'ticketType' }],
  ] as const)('with %j is refused as %j', async (change, refusal) => {
    expect(await plan({ ...ofPass, ...change })).toEqual(refusal);
  });

  test('is quoted only to whoever is signed in, and not when the pass would not give it', async () => {
    const promoUses = { areLeft: async () => true };
    const quoteTicket = createQuoteTicket({
      planVisit,
      promoUses,
      passObstacle: async (_passId, { parkId, places }) =>
        parkId === 'ala-archa' && places === 2 ? { code: 'pass_used_up' } : null,
    });
    expect(await quoteTicket({ ...visit, ...ofPass, userId: null })).toMatchObject({
      refusal: { code: 'unauthorized' },
    });
    expect(await quoteTicket({ ...visit, ...ofPass })).toMatchObject({ refusal: { code: 'pass_used_up' } });
    expect(await quoteTicket({ ...visit, ...ofPass, adults: 0 })).toMatchObject({ value: { totalTyiyn: 0n } });
  });
});
