import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ownRefusal } from '../../../kernel/expected-refusal.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { holidayList, type HolidayCommand, type HolidayRefusal } from '../domain/holiday-list.ts';

export type SetHolidays = (edit: HolidayCommand, meta: CommandMeta) => Promise<Result<null, HolidayRefusal>>;

/** Replaces the public holidays of the chain. */
export function createSetHolidays({ runner, ids }: { readonly runner: CommandRunner; readonly ids: Ids }): SetHolidays {
  return async (edit, meta) => {
    const done = await runner.run(holidayList, ids.derive('holidays'), edit, meta);
    return done.ok ? ok(null) : refuse(ownRefusal(done.refusal));
  };
}
