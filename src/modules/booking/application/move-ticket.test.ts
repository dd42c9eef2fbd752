import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { createMemoryEventStore } from '../../../infrastructure/event-store/memory-store.ts';
import { createMemorySubjectKeys } from '../../../infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../../infrastructure/event-store/vault.ts';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { createCommandRunner } from '../../../kernel/command-runner.ts';
import { createEventCodec } from '../../../kernel/event-codec.ts';
import { ok } from '../../../kernel/result.ts';
import { day } from '../domain/capacity.ts';
import { priceOf, NO_DISCOUNTS } from '../domain/pricing.ts';
import { promoAllowance, promoCode, type PromoCode } from '../domain/promo-code.ts';
import { terms } from '../domain/ticket.suite.ts';
import { ticket } from '../domain/ticket.ts';
import type { TicketTerms } from '../domain/ticket-messages.ts';
import { bookingEvents } from '../persistence/events.ts';
import { createMoveTicket } from './move-ticket.ts';

const GUEST = ids.next();
const meta = { actor: 'user:guest', correlationId: 'test' };
const BOUGHT_ON = '2026-12-01';
const TODAY = '2026-12-04';
const NEW_DAY = '2026-12-10';
const NOW_MS = terms.createdAtMs + 1;

const code: PromoCode = {
  promoId: 'promo',
  code: 'WINTER26',
  percent: 10,
  sumTyiyn: null,
  validFrom: '2026-12-01',
  validUntil: '2026-12-31',
  datesOf: 'visit',
  parkIds: [],
  minPriceTyiyn: 0n,
  totalLimit: 10,
  limitPerGuest: 1,
  active: true,
};

const tariffOf = (som: number) => ({
  priceUnder3Tyiyn: 0n,
  priceOver3Tyiyn: BigInt(som) * 100n,
  priceAdultTyiyn: 0n,
  groupPercent: 0,
});

type Sold = { readonly points?: number; readonly promo?: boolean };

/** A paid ticket for one child at 1 000 som, moved to a day at another price; answers what it became. */
async function moved(som: number, { points = 0, promo = false }: Sold, found: PromoCode | null = code) {
  const clock = createManualClock(NOW_MS);
  const store = createMemoryEventStore({ clock });
  const vault = createVault({ keys: createMemorySubjectKeys(), masterKey: Buffer.alloc(32, 1) });
  const runner = createCommandRunner({ store, codec: createEventCodec(bookingEvents, vault), ids, clock });
  const discounts = { ...NO_DISCOUNTS, promo: promo ? code : null, pointsTyiyn: BigInt(points) * 100n };
  const price = priceOf([5], 0, tariffOf(1_000), discounts);
  const sold: TicketTerms = {
    ...terms,
    ticketId: ids.next(),
    userId: GUEST,
    subjectId: GUEST,
    adults: 0,
    places: 1,
    promo: promo ? { promoId: 'promo', code: 'WINTER26', percent: 10, sumTyiyn: null } : null,
    pointsSpent: points,
    priceTyiyn: price.totalTyiyn,
    priceLines: price.lines,
    validFromMs: NOW_MS + 1_000_000,
  };
  for (const date of ['2026-12-05', NEW_DAY]) {
    await runner.run(day, ids.next(), { kind: 'open', parkId: 'ala-archa', date, quota: 9 }, meta);
  }
  await runner.run(promoCode, ids.next(), { kind: 'create', promo: code }, meta);
  await runner.run(promoAllowance, ids.next(), { promoId: 'promo', userId: GUEST, limit: 1 }, meta);
  const sell = { kind: 'sell', terms: sold, paymentId: 'payment', admissionCode: 'code' } as const;
  expect((await runner.run(ticket, sold.ticketId, sell, meta)).ok).toBe(true);
  const moveTicket = createMoveTicket({
    runner,
    asksGates: async () => ({ voidId: null }),
    findVisitDay: async () =>
      ok({
        tariff: tariffOf(som),
        dayQuota: 9,
        today: TODAY,
        nowMs: NOW_MS,
        validFromMs: NOW_MS + 5_000_000,
        validUntilMs: NOW_MS + 6_000_000,
        closesAtMs: NOW_MS + 5_900_000,
      }),
    takePlaces: ({ steps }) => runner.runAll(steps, meta),
    signAdmissionCode: ({ visitDate }) => `code for ${visitDate}`,
    isPromised: async () => false,
    findPromo: async () => found,
    standings: async () => ({ points: 0, tierName: 'none', tierPercent: 0, pointTyiyn: 250n, spendablePercent: 50 }),
    parkToday: async () => BOUGHT_ON,
  });
  const done = await moveTicket({ ticketId: sold.ticketId, userId: GUEST, visitDate: NEW_DAY }, meta);
  expect(done).toEqual(ok(null));
  const { terms: now, move, paidTyiyn } = (await runner.stateOf(ticket, sold.ticketId)).state;
  return {
    priceTyiyn: now?.priceTyiyn,
    pointsSpent: now?.pointsSpent,
    promo: now?.promo?.code ?? null,
    move,
    paidTyiyn,
  };
}

describe('the price of the new day', () => {
  test('takes points off up to half of it, at what they were worth when they were spent; the others come back', async () => {
    expect(await moved(600, { points: 500 })).toMatchObject({ priceTyiyn: 30_000n, pointsSpent: 300 });
    expect(await moved(1_000, { points: 500 })).toMatchObject({ priceTyiyn: 50_000n, pointsSpent: 500 });
  });

  test('takes the promo code off where it counts on that day', async () => {
    expect(await moved(900, { promo: true })).toMatchObject({ priceTyiyn: 81_000n, promo: 'WINTER26' });
  });

  test.each<[string, PromoCode | null]>([
    ['over by then', { ...code, validUntil: '2026-12-09' }],
    ['not begun by then', { ...code, validFrom: '2026-12-11' }],
    ['for another park', { ...code, parkIds: ['osh'] }],
    ['for dearer visits', { ...code, minPriceTyiyn: 90_000n }],
    ['switched off', { ...code, active: false }],
    ['nobody knows any more', null],
  ])('takes nothing off for a promo code that is %s', async (_what, found) => {
    expect(await moved(800, { promo: true }, found)).toMatchObject({ priceTyiyn: 80_000n, promo: null });
  });

  test('keeps a promo code for purchases, which was used in time', async () => {
    const found: PromoCode = { ...code, datesOf: 'purchase', validUntil: BOUGHT_ON };
    expect(await moved(900, { promo: true }, found)).toMatchObject({ priceTyiyn: 81_000n, promo: 'WINTER26' });
  });

  test('without its promo code may be more than was paid: the difference is due', async () => {
    const late = { ...code, validUntil: '2026-12-09' };
    const { move, priceTyiyn, promo } = await moved(1_000, { promo: true }, late);
    expect([priceTyiyn, promo]).toEqual([90_000n, 'WINTER26']);
    expect(move).toMatchObject({
      dueTyiyn: 10_000n,
      returnedPromo: { code: 'WINTER26' },
      day: { priceTyiyn: 100_000n },
    });
  });
});
