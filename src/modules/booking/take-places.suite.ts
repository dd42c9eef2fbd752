import { beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../kernel/event-store.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import type { ManualClock } from '../../infrastructure/clock.ts';
import {
  createSalesClock,
  HOLD_MS,
  losingAnswers,
  NOON_MS,
  openSalesOffice,
  PRICE_TYIYN,
  VISIT_DATE,
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

/** The rules of selling, on a log that two processes share. */
export function describeTakePlaces(
  name: string,
  log: (clock: ManualClock) => Promise<{ readonly first: SalesGround; readonly second: SalesGround }>,
): void {
  describe(`selling on ${name}`, () => {
    const clock = createSalesClock();
    let ground: Awaited<ReturnType<typeof log>> | undefined;
    let parks = 0;

    beforeEach(async () => {
      clock.set(NOON_MS);
      ground ??= await log(clock);
    });

    /** Two processes that sell the same park, which nobody has sold before. */
    function openPark(quota: number): Readonly<Record<'here' | 'there' | 'lossy', SalesOffice>> {
      if (ground === undefined) throw new Error('the log is not open');
      const parkId = `park-${(parks += 1)}`;
      const { first, second } = ground;
      return {
        here: openSalesOffice(first, clock, parkId, quota),
        there: openSalesOffice(second, clock, parkId, quota),
        lossy: openSalesOffice({ ...first, store: losingAnswers(first.store) }, clock, parkId, quota),
      };
    }

    describe('never oversold', () => {
      test('300 buyers for 100 places in one process: exactly 100 get one', async () => {
        const { here } = openPark(100);
        const bought = await eachOf(300, () => here.buy());
        expect(sold(bought)).toHaveLength(100);
        expect(new Set(refused(bought).map(({ code }) => code))).toEqual(new Set(['park_at_capacity']));
        expect(await here.places()).toEqual([0, 100, 0]);
      });

      test('300 buyers for 100 places in two processes: exactly 100 get one', async () => {
        const { here, there } = openPark(100);
        const bought = await eachOf(300, (index) => (index % 2 === 0 ? here : there).buy());
        expect(sold(bought)).toHaveLength(100);
        expect(await here.places()).toEqual([0, 100, 0]);
      });

      test('parties of every size fill a day to the last place and not beyond', async () => {
        const { here, there } = openPark(100);
        const sizes = [7, 1, 12, 30, 2, 5];
        await eachOf(60, (index) => (index % 2 === 0 ? here : there).buy(sizes[index % sizes.length]));
        await eachOf(30, () => here.buy(1));
        expect(await here.places()).toEqual([0, 100, 0]);
      });

      test('a larger party that is refused does not stand in the way of smaller ones, and hears what is left', async () => {
        const { here } = openPark(10);
        await here.buy(7);
        const [large, small] = await Promise.all([here.buy(4), here.buy(3)]);
        expect(large).toEqual({ ok: false, refusal: { code: 'park_at_capacity', remaining: expect.any(Number) } });
        expect(small.ok).toBe(true);
        expect(await here.buy(1)).toEqual({ ok: false, refusal: { code: 'park_at_capacity', remaining: 0 } });
      });

      test('a day that two processes open at once has its quota once', async () => {
        for (let round = 0; round < 10; round += 1) {
          const { here, there } = openPark(50);
          await Promise.all([here.buy(), there.buy(), here.buy(), there.buy()]);
          expect(await there.places()).toEqual([46, 4, 0]);
        }
      });

      test('a party larger than the day is refused and leaves the day open to others', async () => {
        const { here } = openPark(3);
        expect(await here.buy(4)).toEqual({ ok: false, refusal: { code: 'park_at_capacity', remaining: 3 } });
        expect((await here.buy(3)).ok).toBe(true);
      });
    });

    describe('a command told again', () => {
      test('gets the first ticket, also from another process and when the day is full by now', async () => {
        const { here, there } = openPark(1);
        const commandId = ids.next();
        const first = await here.buy(1, { commandId });
        expect(await here.buy(1, { commandId })).toEqual(first);
        const elsewhere = await there.buy(1, { commandId });
        expect(ticketOf(elsewhere)).toBe(ticketOf(first));
        expect(await here.places()).toEqual([0, 1, 0]);
      });

      test('gets the first ticket when the first answer was lost', async () => {
        const { here, there, lossy } = openPark(2);
        await here.buy();
        const commandId = ids.next();
        await expect(lossy.buy(1, { commandId })).rejects.toBeInstanceOf(StoreUnavailable);
        const again = await here.buy(1, { commandId });
        expect(again.ok).toBe(true);
        expect(ticketOf(await there.buy(1, { commandId }))).toBe(ticketOf(again));
        expect(await here.places()).toEqual([0, 2, 0]);
      });

      test('20 times at once in two processes sells one ticket', async () => {
        const { here, there } = openPark(100);
        const commandId = ids.next();
        const bought = await eachOf(20, (index) => (index % 2 === 0 ? here : there).buy(1, { commandId }));
        expect(new Set(bought.map(ticketOf)).size).toBe(1);
        expect(await here.places()).toEqual([99, 1, 0]);
      });

      test('gets the ticket for which overdue holds had to be ended first', async () => {
        const { here } = openPark(2);
        const gone = [ticketOf(await here.buy()), ticketOf(await here.buy())];
        clock.advance(HOLD_MS);
        const commandId = ids.next();
        const first = await here.buy(2, { commandId });
        expect(gone).not.toContain(ticketOf(first));
        expect(await here.buy(2, { commandId })).toEqual(first);
      });
    });

    describe('a hold that ended unpaid', () => {
      test('is sold again by the sale itself, from its millisecond on', async () => {
        const { here } = openPark(1);
        await here.buy();
        clock.advance(HOLD_MS - 1);
        expect(refused([await here.buy()])).toEqual([{ code: 'park_at_capacity', remaining: 0 }]);
        clock.advance(1);
        expect((await here.buy()).ok).toBe(true);
        expect(await here.places()).toEqual([0, 1, 0]);
      });

      test('a hundred of them make room for a party of fifty', async () => {
        const { here } = openPark(100);
        await eachOf(100, () => here.buy());
        clock.advance(HOLD_MS);
        expect((await here.buy(50)).ok).toBe(true);
        expect((await here.buy(50)).ok).toBe(true);
        expect(await here.places()).toEqual([0, 100, 0]);
      });

      test('300 buyers for 100 places that all wait for nobody, in two processes: exactly 100 get one', async () => {
        const { here, there } = openPark(100);
        await eachOf(100, (index) => (index % 2 === 0 ? here : there).buy());
        clock.advance(HOLD_MS);
        const bought = await eachOf(300, (index) => (index % 2 === 0 ? here : there).buy());
        expect(sold(bought)).toHaveLength(100);
        expect(await here.places()).toEqual([0, 100, 0]);
      });
    });

    describe('late money', () => {
      test('and a sale that race for one expired hold: never both, and the places stay what they are', async () => {
        for (let round = 0; round < 20; round += 1) {
          const { here, there } = openPark(1);
          const ticketId = ticketOf(await here.buy());
          clock.advance(HOLD_MS);
          const [sale, payment] = await Promise.all([here.buy(), there.pay(ticketId)]);
          expect(sale.ok).not.toBe(payment.ok);
          expect(await here.places()).toEqual(payment.ok ? [0, 0, 1] : [0, 1, 0]);
        }
      });

      test('takes the place of another hold that ended unpaid', async () => {
        const { here } = openPark(1);
        const first = ticketOf(await here.buy());
        clock.advance(HOLD_MS);
        const second = ticketOf(await here.buy());
        expect(await here.pay(first)).toEqual({ ok: false, refusal: { code: 'park_at_capacity' } });
        clock.advance(HOLD_MS);
        expect(await here.pay(second)).toEqual({ ok: true, value: null });
        expect(await here.places()).toEqual([0, 0, 1]);
      });

      test('that found no place hears the same again when there is one, in every process', async () => {
        const { here, there } = openPark(1);
        const ticketId = ticketOf(await here.buy());
        clock.advance(HOLD_MS);
        await here.buy();
        const paymentId = ids.next();
        const answers = await eachOf(6, (index) => (index % 2 === 0 ? here : there).pay(ticketId, paymentId));
        clock.advance(HOLD_MS);
        answers.push(await here.pay(ticketId, paymentId), await there.pay(ticketId, paymentId));
        for (const answer of answers) expect(answer).toEqual({ ok: false, refusal: { code: 'park_at_capacity' } });
        expect(await here.places()).toEqual([0, 1, 0]);
      });

      test('of two payments told at once by two processes one is accepted, each always with the same answer', async () => {
        for (let round = 0; round < 10; round += 1) {
          const { here, there } = openPark(1);
          const ticketId = ticketOf(await here.buy());
          const payments = [ids.next(), ids.next()] as const;
          const tell = (index: number) => (index % 3 === 0 ? here : there).pay(ticketId, payments[index % 2]);
          const answers = await eachOf(12, tell);
          const accepted = answers.map(({ ok }) => ok);
          expect(accepted.slice(2)).toEqual(accepted.slice(0, -2));
          expect(accepted[0]).not.toBe(accepted[1]);
          expect(await here.places()).toEqual([0, 0, 1]);
        }
      });

      test('of a wrong amount or for an unknown ticket goes back', async () => {
        const { here } = openPark(1);
        const ticketId = ticketOf(await here.buy());
        expect(await here.pay(ticketId, ids.next(), PRICE_TYIYN - 1n)).toMatchObject({
          refusal: { code: 'amount_differs' },
        });
        expect(await here.pay(ids.next())).toEqual({ ok: false, refusal: { code: 'ticket_not_found' } });
        expect(await here.places(VISIT_DATE)).toEqual([0, 1, 0]);
      });
    });
  });
}
