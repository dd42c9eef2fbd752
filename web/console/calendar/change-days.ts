import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome, type Problem } from '../../shared/api/outcome.ts';
import type { CalendarDay, DateRule } from './rule.ts';

type Change = { readonly parkId: string; readonly date: string; readonly etag: string; readonly rule: DateRule | null };

/** Gives a day its own rule, or takes it away. */
export function changeDay({ parkId, date, etag, rule }: Change): Promise<Outcome<CalendarDay>> {
  const params = { path: { id: parkId, date }, header: { 'If-Match': etag } };
  return outcomeOf(
    rule === null
      ? api.DELETE('/api/v1/parks/{id}/calendar/{date}', { params })
      : api.PUT('/api/v1/parks/{id}/calendar/{date}', { params, body: rule }),
  );
}

/** Days as they are now, with the versions to edit. */
export async function daysNow(parkId: string, from: string, to: string): Promise<Outcome<readonly CalendarDay[]>> {
  const query = { from, to };
  const found = await outcomeOf(api.GET('/api/v1/parks/{id}/calendar', { params: { path: { id: parkId }, query } }));
  return found.ok ? { ok: true, value: found.value.items } : found;
}

export type Changed = {
  /** Each as it was before and as it is now. */
  readonly done: readonly { readonly before: CalendarDay; readonly after: CalendarDay }[];
  /** Why a day could not be changed; those after it are as they were. */
  readonly problem: Problem | null;
};

/**
 * Gives days one after another the same rule. A day that somebody changes at that very moment ends it: nobody's work is
 * overwritten unseen.
 */
export async function changeDays(
  parkId: string,
  days: readonly CalendarDay[],
  ruleOf: (day: CalendarDay) => DateRule | null,
): Promise<Changed> {
  const done: { before: CalendarDay; after: CalendarDay }[] = [];
  for (const day of days) {
    const rule = ruleOf(day);
    // Nothing to take away.
    if (rule === null && day.rule === null) continue;
    const answer = await changeDay({ parkId, date: day.date, etag: day.etag, rule });
    if (!answer.ok) return { done, problem: answer.problem };
    done.push({ before: day, after: answer.value });
  }
  return { done, problem: null };
}
