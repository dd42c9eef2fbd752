import { assert } from '../../../kernel/assert.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { addDays, epochDay, MS_A_DAY, parseDate } from '../../../kernel/time.ts';
import type { Tier } from './tiers.ts';

/** All numbers of the programme. */
export type Figures = {
  /** By rising minimum; the first begins at 0. */
  readonly tiers: readonly Tier[];
  /** Money that earns one point. */
  readonly earningTyiyn: Tyiyn;
  /** What one spent point takes off a price. */
  readonly worthTyiyn: Tyiyn;
  /** Most of a price that points may pay, 0 to 100. */
  readonly spendablePercent: number;
  /** How long points can be spent and count for the tier. */
  readonly validMonths: number;
  /** How long points that come back can be spent at least. */
  readonly returnedDays: number;
};

/** In force until somebody sets others. */
export const FIRST_FIGURES: Figures = {
  tiers: [
    { name: 'beginner', minimumPoints: 0, discountPercent: 0 },
    { name: 'explorer', minimumPoints: 500, discountPercent: 3 },
    { name: 'adventurer', minimumPoints: 2_000, discountPercent: 5 },
    { name: 'champion', minimumPoints: 5_000, discountPercent: 10 },
  ],
  earningTyiyn: 1_000n,
  worthTyiyn: 100n,
  spendablePercent: 50,
  validMonths: 12,
  returnedDays: 30,
};

/** One point for every whole `earningTyiyn` paid. */
export function pointsFor(paidTyiyn: Tyiyn, { earningTyiyn }: Pick<Figures, 'earningTyiyn'>): number {
  assert(paidTyiyn >= 0n, `nobody pays ${paidTyiyn} tyiyn`);
  return Number(paidTyiyn / earningTyiyn);
}

/** The same moment of the same day so many months later in UTC; where there is no such day, on the first of the next month. */
export function monthsAfter(instantMs: number, months: number): number {
  const epoch = Math.floor(instantMs / MS_A_DAY);
  const from = parseDate(addDays('1970-01-01', epoch));
  assert(from, `${instantMs} is out of the calendar`);
  const count = from.year * 12 + from.month - 1 + months;
  const first = (monthCount: number): string =>
    `${String(Math.floor(monthCount / 12)).padStart(4, '0')}-${String((monthCount % 12) + 1).padStart(2, '0')}-01`;
  const sameDay = addDays(first(count), from.day - 1);
  const nextMonth = first(count + 1);
  return instantMs + (epochDay(sameDay < nextMonth ? sameDay : nextMonth) - epoch) * MS_A_DAY;
}
