import { beforeEach, describe, expect, test } from 'vitest';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { ManualClock } from '../../infrastructure/clock.ts';
import {
  createSalesClock,
  HOLD_MS,
  NOON_MS,
  openSalesOffice,
  PRICE_TYIYN,
  type SalesGround,
  type SalesOffice,
} from './sales.suite.ts';

type Bought = Awaited<ReturnType<SalesOffice['buy']>>;

const sold = (bought: readonly Bought[]) => bought.flatMap((one) => (one.ok ? [one.value] : []));
const refused = (bought: readonly Bought[]) => bought.flatMap((one) => (one.ok ? [] : [one.refusal]));

function ticketOf(bought: Bought): string {
  if (!bought.ok) throw new Error(`refused as ${bought.refusal.code}`);
  return bought.value.ticketId;
}

const eachOf = <Answer>(count: number, work: (index: number) => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** What becomes of tickets, on a log that two processes share. */
export function describeTicketLife(
  name: string,
  log: (clock: ManualClock) => Promise<{ readonly first: SalesGround; readonly second: SalesGround }>,
): void {
  describe(`the life of a ticket on ${name}`, () => {
    const clock = createSalesClock();
    let ground: Awaited<ReturnType<typeof log>> | undefined;
    let parks = 0;

    beforeEach(async () => {
      clock.set(NOON_MS);
      ground ??= await log(clock);
    });

    /** Two processes that sell the same park, which nobody has sold before. */
    function openPark(quota: number): Readonly<Record<'here' | 'there', SalesOffice>> {
      if (ground === undefined) throw new Error('the log is not open');
      const parkId = `park-${(parks += 1)}`;
      const { first, second } = ground;
      return {
        here: openSalesOffice(first, clock, parkId, quota),
        there: openSalesOffice(second, clock, parkId, quota),
      };
    }

    describe('a promo code', () => {
      const uses = (bought: readonly Bought[]) => sold(bought).filter(({ promoCode }) => promoCode !== null);

      test('of ten uses is used ten times by fifty buyers at once in two processes', async () => {
        const { here, there } = openPark(100);
        const promoCode = `TEN-${parks}`;
        await here.definePromo(promoCode, { totalLimit: 10, limitPerGuest: 1 });
        const bought = await eachOf(50, (index) => (index % 2 === 0 ? here : there).buy(1, { promoCode }));
        expect(uses(bought)).toHaveLength(10);
        expect(new Set(refused(bought).map(({ code }) => code))).toEqual(new Set(['promo_used_up']));
        expect(await here.places()).toEqual([90, 10, 0]);
      });

      test('is used by one guest as often as it may be, also at once in two processes', async () => {
        const { here, there } = openPark(100);
        const [promoCode, userId] = [`TWICE-${parks}`, ids.next()];
        await here.definePromo(promoCode, { totalLimit: 100, limitPerGuest: 2 });
        const bought = await eachOf(10, (index) => (index % 2 === 0 ? here : there).buy(1, { promoCode, userId }));
        expect(uses(bought)).toHaveLength(2);
        expect((await here.buy(1, { promoCode })).ok).toBe(true);
      });

      test('comes back when its ticket ends unpaid or is cancelled', async () => {
        const { here, there } = openPark(100);
        const [promoCode, userId] = [`ONCE-${parks}`, ids.next()];
        await here.definePromo(promoCode, { totalLimit: 1, limitPerGuest: 1 });
        const first = ticketOf(await here.buy(1, { promoCode, userId }));
        expect(refused([await there.buy(1, { promoCode })])).toEqual([{ code: 'promo_used_up' }]);
        expect((await there.cancel(first, userId)).ok).toBe(true);
        const second = ticketOf(await here.buy(1, { promoCode, userId }));
        clock.advance(HOLD_MS);
        expect(await there.pay(second, ids.next(), PRICE_TYIYN - 1000n)).toEqual({
          ok: false,
          refusal: { code: 'discount_returned' },
        });
        expect((await here.buy(1, { promoCode })).ok).toBe(true);
      });

      test('a sale that finds no place uses none', async () => {
        const { here } = openPark(1);
        const promoCode = `FULL-${parks}`;
        await here.definePromo(promoCode, { totalLimit: 1, limitPerGuest: 1 });
        expect(refused([await here.buy(2, { promoCode })])).toMatchObject([{ code: 'park_at_capacity' }]);
        expect((await here.buy(1, { promoCode })).ok).toBe(true);
      });
    });

    describe('a cancelled ticket', () => {
      test('frees its places at once, whether it was paid or not, and once', async () => {
        const { here, there } = openPark(3);
        const [userId, other] = [ids.next(), ids.next()];
        const unpaid = ticketOf(await here.buy(2, { userId }));
        const paid = ticketOf(await here.buy(1, { userId: other }));
        await here.pay(paid);
        expect(await here.places()).toEqual([0, 2, 1]);
        await Promise.all([here.cancel(unpaid, userId), there.cancel(unpaid, userId), there.cancel(paid, other)]);
        expect(await here.places()).toEqual([3, 0, 0]);
      });

      test('and its late money, at once in two processes: the money buys it or goes back, never both', async () => {
        for (let round = 0; round < 10; round += 1) {
          const { here, there } = openPark(1);
          const userId = ids.next();
          const ticketId = ticketOf(await here.buy(1, { userId }));
          const [cancelled, payment] = await Promise.all([here.cancel(ticketId, userId), there.pay(ticketId)]);
          // Money that came first is given back by the cancellation; money that came second is refused.
          expect(cancelled.ok).toBe(true);
          if (!payment.ok) expect(payment.refusal).toEqual({ code: 'ticket_cancelled' });
          expect(await here.places()).toEqual([1, 0, 0]);
        }
      });
    });

    describe('a ticket that moves', () => {
      test('takes its new place first and frees the old one, once', async () => {
        const { here, there } = openPark(1);
        const userId = ids.next();
        const ticketId = ticketOf(await here.buy(1, { userId }));
        await here.pay(ticketId);
        expect((await there.move(ticketId, userId, '2026-12-09')).ok).toBe(true);
        expect([await here.places(), await here.places('2026-12-09')]).toEqual([
          [1, 0, 0],
          [0, 0, 1],
        ]);
        expect(await here.move(ticketId, userId, '2026-12-10')).toEqual({
          ok: false,
          refusal: { code: 'already_moved' },
        });
      });

      test('stays where it is when the other day is full', async () => {
        const { here } = openPark(1);
        const userId = ids.next();
        const ticketId = ticketOf(await here.buy(1, { userId }));
        await here.pay(ticketId);
        await here.buy(1, { date: '2026-12-09' });
        expect(await here.move(ticketId, userId, '2026-12-09')).toMatchObject({
          refusal: { code: 'park_at_capacity' },
        });
        expect([await here.places(), await here.places('2026-12-09')]).toEqual([
          [0, 0, 1],
          [0, 1, 0],
        ]);
      });
    });
  });
}
