import type { LocalDate, LocalTime } from '../../kernel/time.ts';
import type { Tyiyn } from '../../kernel/money.ts';

/** What selling and admitting need to know of a park on one day. */
export type ParkDay = {
  readonly parkId: string;
  readonly date: LocalDate;
  readonly timeZone: string;
  /** Null when the park is closed that day. */
  readonly hours: { readonly openTime: LocalTime; readonly closeTime: LocalTime } | null;
  /** Most places that may be sold for the day. */
  readonly dayQuota: number;
  readonly priceUnder3Tyiyn: Tyiyn;
  readonly priceOver3Tyiyn: Tyiyn;
  readonly priceAdultTyiyn: Tyiyn;
  /** Percent off for a party of ten children or more. */
  readonly groupPercent: number;
};
