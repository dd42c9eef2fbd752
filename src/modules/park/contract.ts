import type { LocalDate, LocalTime } from '../../kernel/time.ts';
import type { Tyiyn } from '../../kernel/money.ts';

/** A text in each language that people are answered in. */
export type Translated = { readonly ru: string; readonly ky: string; readonly en: string };

/** How sure a public holiday is: by law every year, announced for the year, or computed by the moon until it is announced. */
export type HolidayCertainty = 'fixed' | 'announced' | 'estimated';

export type Holiday = {
  readonly date: LocalDate;
  readonly names: Translated;
  readonly certainty: HolidayCertainty;
  /** Who says so. */
  readonly source: string;
};

/** What a part of a day comes from; an earlier one wins over the later ones. */
export type RuleSource = 'date' | 'holiday' | 'weekday' | 'default';

/** What selling and admitting need to know of a park on one day. */
export type ParkDay = {
  readonly parkId: string;
  readonly date: LocalDate;
  readonly timeZone: string;
  /** Null when the park is closed that day. */
  readonly hours: { readonly openTime: LocalTime; readonly closeTime: LocalTime } | null;
  /** Why it is closed, if somebody said. */
  readonly closedReason: Translated | null;
  /** Most places that may be sold for the day. */
  readonly dayQuota: number;
  readonly priceUnder3Tyiyn: Tyiyn;
  readonly priceOver3Tyiyn: Tyiyn;
  readonly priceAdultTyiyn: Tyiyn;
  /** Percent off for a party of ten children or more. */
  readonly groupPercent: number;
  readonly holiday: Pick<Holiday, 'names' | 'certainty'> | null;
  readonly from: Readonly<Record<'hours' | 'dayQuota' | 'priceUnder3' | 'priceOver3' | 'priceAdult', RuleSource>>;
};

/** Whether people who left may come back on the same day. */
export type ReEntry = 'none' | 'same_day';

/** What others need of a change of a park: `changed` names the fields of its profile. */
export type ParkEditedFacts = {
  readonly type: 'ParkEdited';
  readonly data: { readonly parkId: string; readonly changed: readonly string[] };
};

/** A date of a park got rules of its own, or lost them. */
export type CalendarDayFacts = {
  readonly type: 'CalendarDaySet' | 'CalendarDayCleared';
  readonly data: { readonly parkId: string; readonly date: LocalDate };
};

/** Pictures of ours are shown by their park no longer, and their files have to go. */
export type ParkPicturesRemoved = {
  readonly type: 'ParkPicturesRemoved';
  readonly data: { readonly parkId: string; readonly pictureIds: readonly string[] };
};
