import type { Language } from '../i18n/language-list.ts';

type DayWords = {
  /** From January on, as a month by itself is called. */
  readonly months: readonly string[];
  /** The same beside a day of the month. */
  readonly ofMonths: readonly string[];
  /** From Sunday on, as they stand beside a date. */
  readonly weekdays: readonly string[];
  /** From Sunday on, as short as the head of a calendar. */
  readonly shortWeekdays: readonly string[];
};

const list = (words: string): readonly string[] => words.split(' ');

/** Russian and Kyrgyz call them alike. */
const MONTHS = list('январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь');
const EN_MONTHS = list('January February March April May June July August September October November December');
const RU_WEEKDAYS = list('вс пн вт ср чт пт сб');
const EN_WEEKDAYS = list('Sun Mon Tue Wed Thu Fri Sat');

/**
 * Names of months and days. By hand, since not every browser was built with Kyrgyz, and the first date that `Intl` writes keeps a
 * phone busy for longer than it takes to draw a page.
 */
export const DAY_WORDS: Readonly<Record<Language, DayWords>> = {
  ru: {
    months: MONTHS,
    ofMonths: list('января февраля марта апреля мая июня июля августа сентября октября ноября декабря'),
    weekdays: RU_WEEKDAYS,
    shortWeekdays: RU_WEEKDAYS,
  },
  ky: {
    months: MONTHS,
    ofMonths: MONTHS,
    weekdays: list('жекшемби дүйшөмбү шейшемби шаршемби бейшемби жума ишемби'),
    shortWeekdays: list('жш дш шш шр бш жм иш'),
  },
  en: { months: EN_MONTHS, ofMonths: EN_MONTHS, weekdays: EN_WEEKDAYS, shortWeekdays: EN_WEEKDAYS },
};
