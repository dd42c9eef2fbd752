import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { dateRuleFault, isEmptyRule, type DateRule, type RuleFault } from './day-rule.ts';

type Where = { readonly parkId: string; readonly date: LocalDate };

export type CalendarDaySet = { readonly type: 'CalendarDaySet'; readonly data: Where & { readonly rule: DateRule } };
export type CalendarDayCleared = { readonly type: 'CalendarDayCleared'; readonly data: Where };
export type CalendarDayEvent = CalendarDaySet | CalendarDayCleared;

/** `rule` null, or one that says nothing, takes the date's own rule away. `version` is the one the editor saw. */
export type CalendarDayCommand = Where & { readonly rule: DateRule | null; readonly version: number };
/** `version` counts the events; a date that nobody touched is at 0. */
export type CalendarDayState = { readonly rule: DateRule | null; readonly version: number };
export type CalendarDayRefusal = { readonly code: 'version_moved' } | ({ readonly code: 'bad_rule' } & RuleFault);

/** A date of one park that differs from what weekday and holiday would make of it. */
export const calendarDay: Decider<CalendarDayCommand, CalendarDayState, CalendarDayEvent, CalendarDayRefusal> = {
  aggregateType: 'CalendarDay',
  initial: { rule: null, version: 0 },
  decide({ parkId, date, rule, version }, state) {
    if (version !== state.version) return refuse({ code: 'version_moved' });
    if (rule === null || isEmptyRule(rule)) {
      return ok(state.rule === null ? [] : [{ type: 'CalendarDayCleared', data: { parkId, date } }]);
    }
    const fault = dateRuleFault(rule);
    return fault === null
      ? ok([{ type: 'CalendarDaySet', data: { parkId, date, rule } }])
      : refuse({ code: 'bad_rule', ...fault });
  },
  evolve: ({ version }, event) => ({
    rule: event.type === 'CalendarDaySet' ? event.data.rule : null,
    version: version + 1,
  }),
};
