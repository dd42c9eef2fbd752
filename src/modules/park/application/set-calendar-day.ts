import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { addDays, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { calendarDay, type CalendarDayRefusal } from '../domain/calendar-day.ts';
import type { DateRule } from '../domain/day-rule.ts';
import type { FollowQuota, ParkCatalogue } from './park-catalogue.ts';

/** How far ahead a date can have a rule of its own. */
export const MOST_DAYS_AHEAD = 730;

export type SetCalendarDay = (
  edit: {
    readonly parkId: string;
    readonly date: LocalDate;
    /** Null takes the date's own rule away. */
    readonly rule: DateRule | null;
    /** As the editor saw it; 0 when the date had no rule yet. */
    readonly version: number;
  },
  meta: CommandMeta,
) => Promise<
  Result<
    null,
    | CalendarDayRefusal
    | { readonly code: 'park_not_found' }
    | { readonly code: 'bad_date'; readonly from: LocalDate; readonly to: LocalDate }
  >
>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly catalogue: Pick<ParkCatalogue, 'find'>;
  readonly followQuota: FollowQuota;
};

/** Gives a date of a park rules of its own: closed, other hours, prices or quota. Sold tickets stay as they are. */
export function createSetCalendarDay(dependencies: Dependencies): SetCalendarDay {
  const { runner, ids, clock, zone, catalogue, followQuota } = dependencies;
  return async (edit, meta) => {
    const { parkId, date } = edit;
    const card = await catalogue.find(parkId);
    if (card === null) return refuse({ code: 'park_not_found' });
    const from = zone.dateAt(clock.now(), card.timeZone);
    const to = addDays(from, MOST_DAYS_AHEAD);
    if (date < from || date > to) return refuse({ code: 'bad_date', from, to });
    const done = await runner.run(calendarDay, ids.derive(`calendar:${parkId}/${date}`), edit, { ...meta, parkId });
    if (!done.ok) return refuse(ownRefusal(done.refusal));
    await followQuota(parkId, [date]);
    return ok(null);
  };
}
