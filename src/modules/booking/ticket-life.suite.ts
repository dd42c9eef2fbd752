import { beforeEach, describe, expect, test } from 'vitest';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { ParkDays } from './application/ports.ts';
import type { ManualClock } from '../../infrastructure/clock.ts';
import {
  createSalesClock,
  HOLD_MS,
  parkDaysOf,
  NOON_MS,
  openSalesOffice,
  PRICE_TYIYN,
  type SalesGround,
  type SalesOffice,
} from './sales.suite.ts';

/** How much longer a payment that begins keeps places. */
const KEPT_MS = 10 * 60_000;

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
    function openPark(offer: number | ParkDays): Readonly<Record<'here' | 'there', SalesOffice>> {
      if (ground === undefined) throw new Error('the log is not open');
      const parkId = `park-${(parks += 1)}`;
      const { first, second } = ground;
      return {
        here: openSalesOffice(first, clock, parkId, offer),
        there: openSalesOffice(second, clock, parkId, offer),
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

    describe('a ticket that moves to a dearer day', () => {
      const DEARER = '2026-12-09';
      const DUE_TYIYN = 5_000n;
      const dearerDays =
        (quota: number): ParkDays =>
        async (parkId, date) => {
          const cheap = await parkDaysOf(quota)(parkId, date);
          return cheap === null || date !== DEARER ? cheap : { ...cheap, priceOver3Tyiyn: PRICE_TYIYN + DUE_TYIYN };
        };

      /** A paid ticket whose move waits for its difference, which a payment was begun for. */
      async function openMove(quota = 1) {
        clock.set(NOON_MS);
        const offices = openPark(dearerDays(quota));
        const { here } = offices;
        const [userId, paymentId] = [ids.next(), ids.next()];
        const ticketId = ticketOf(await here.buy(1, { userId }));
        await here.pay(ticketId);
        expect((await here.move(ticketId, userId, DEARER)).ok).toBe(true);
        const kept = await here.keep({ ticketId, userId, paymentId }, { actor: 'user:test', correlationId: 'test' });
        expect(kept).toMatchObject({ value: { amountTyiyn: DUE_TYIYN, expiresAtMs: NOON_MS + HOLD_MS + KEPT_MS } });
        const both = async () => [await here.places(), await here.places(DEARER)];
        expect(await both()).toEqual([
          [quota - 1, 0, 1],
          [quota - 1, 1, 0],
        ]);
        return { ...offices, userId, paymentId, ticketId, both };
      }
      const MOVED = [
        [1, 0, 0],
        [0, 0, 1],
      ];

      test('holds the new place, and has it once the difference is paid', async () => {
        const { here, there, ticketId, paymentId, both } = await openMove();
        expect(refused([await there.buy(1, { date: DEARER })])).toMatchObject([{ code: 'park_at_capacity' }]);
        const paid = await Promise.all([here, there].map((office) => office.pay(ticketId, paymentId, DUE_TYIYN)));
        expect(paid.map(({ ok }) => ok)).toEqual([true, true]);
        expect(await both()).toEqual(MOVED);
      });

      test('gives the new place to whoever needs it once its time is over, and its late money back', async () => {
        const { here, there, ticketId, paymentId, both } = await openMove();
        clock.advance(HOLD_MS + KEPT_MS);
        expect((await there.buy(1, { date: DEARER })).ok).toBe(true);
        expect(await both()).toEqual([
          [0, 0, 1],
          [0, 1, 0],
        ]);
        expect(await here.pay(ticketId, paymentId, DUE_TYIYN)).toEqual({ ok: false, refusal: { code: 'move_over' } });
      });

      test('and its expiry, at once in two processes: the money moves it or goes back, never both', async () => {
        for (let round = 0; round < 10; round += 1) {
          const { here, there, ticketId, paymentId, both } = await openMove();
          const isOver = round % 2 === 0;
          clock.advance(HOLD_MS + KEPT_MS - (isOver ? 0 : 1));
          const [bought, paid] = await Promise.all([
            there.buy(1, { date: DEARER }),
            here.pay(ticketId, paymentId, DUE_TYIYN),
          ]);
          expect([paid.ok, bought.ok]).toEqual([!isOver, isOver]);
          expect((await both())[0]).toEqual(isOver ? [0, 0, 1] : [1, 0, 0]);
        }
      });

      test('and its cancellation, at once in two processes: no place is lost, and money that came second goes back', async () => {
        for (let round = 0; round < 10; round += 1) {
          const { here, there, ticketId, userId, paymentId, both } = await openMove();
          const [cancelled, paid] = await Promise.all([
            here.cancel(ticketId, userId),
            there.pay(ticketId, paymentId, DUE_TYIYN),
          ]);
          expect(cancelled.ok).toBe(true);
          if (!paid.ok) expect(paid.refusal).toEqual({ code: 'ticket_cancelled' });
          expect(await both()).toEqual([
            [1, 0, 0],
            [1, 0, 0],
          ]);
        }
      });

      test('twice at once in two processes moves once', async () => {
        for (let round = 0; round < 10; round += 1) {
          const { here, there } = openPark(dearerDays(3));
          const userId = ids.next();
          const ticketId = ticketOf(await here.buy(1, { userId }));
          await here.pay(ticketId);
          const days = round % 2 === 0 ? [DEARER, DEARER] : [DEARER, '2026-12-10'];
          const moves = await Promise.all([
            here.move(ticketId, userId, days[0] ?? ''),
            there.move(ticketId, userId, days[1] ?? ''),
          ]);
          const held = (await here.places(DEARER))[1] ?? 0;
          const movedAtOnce = (await here.places('2026-12-10'))[2] ?? 0;
          expect((await here.places())[2]).toBe(1 - movedAtOnce);
          expect(held + movedAtOnce).toBeLessThanOrEqual(1);
          expect(moves.some(({ ok }) => ok)).toBe(true);
          for (const move of moves) {
            if (!move.ok) expect(['move_in_progress', 'already_moved']).toContain(move.refusal.code);
          }
        }
      });

      test('stays where it is when nobody pays, and may move again', async () => {
        const { here, ticketId, userId, both } = await openMove();
        clock.advance(HOLD_MS + KEPT_MS);
        expect((await here.move(ticketId, userId, DEARER)).ok).toBe(true);
        clock.advance(HOLD_MS);
        expect((await here.move(ticketId, userId, '2026-12-10')).ok).toBe(true);
        expect(await both()).toEqual([
          [1, 0, 0],
          [1, 0, 0],
        ]);
      });
    });
  });
}
