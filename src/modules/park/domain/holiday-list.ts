import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { isLocalDate } from '../../../kernel/time.ts';
import type { Holiday } from '../contract.ts';
import { isTranslated } from './day-rule.ts';

export type HolidaysSet = { readonly type: 'HolidaysSet'; readonly data: { readonly holidays: readonly Holiday[] } };
/** `version` is the one the editor saw. */
export type HolidayCommand = { readonly holidays: readonly Holiday[]; readonly version: number };
export type HolidayState = { readonly version: number };
export type HolidayRefusal =
  | { readonly code: 'version_moved' }
  | { readonly code: 'bad_holiday'; readonly index: number; readonly message: string };

/** The public holidays that the chain goes by: the whole list, in order of the dates. */
export const holidayList: Decider<HolidayCommand, HolidayState, HolidaysSet, HolidayRefusal> = {
  aggregateType: 'HolidayList',
  initial: { version: 0 },
  decide({ holidays, version }, state) {
    if (version !== state.version) return refuse({ code: 'version_moved' });
    // An empty list would mean that nobody ever set one.
    if (holidays.length === 0)
      return refuse({ code: 'bad_holiday', index: 0, message: 'is missing: a list has holidays' });
    const dates = new Set<string>();
    for (const [index, { date, names, source }] of holidays.entries()) {
      const bad = (message: string) => refuse({ code: 'bad_holiday', index, message } as const);
      if (!isLocalDate(date)) return bad('there is no such date');
      if (dates.has(date)) return bad('is the second one on its date');
      if (!isTranslated(names)) return bad('has no name in one of the languages');
      if (source.trim() === '') return bad('has no source');
      dates.add(date);
    }
    const sorted = holidays.toSorted((a, b) => (a.date < b.date ? -1 : 1));
    return ok([{ type: 'HolidaysSet', data: { holidays: sorted } }]);
  },
  evolve: ({ version }) => ({ version: version + 1 }),
};
