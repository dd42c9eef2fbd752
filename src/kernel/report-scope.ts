import { ok, refuse, type Result } from './result.ts';
import { daysBetween, type LocalDate } from './time.ts';

/** Which days of which parks; `parkId` null: all parks. Both days are included. */
export type ReportScope = { readonly from: LocalDate; readonly to: LocalDate; readonly parkId: string | null };

/** Days that a report of one park, and one of all parks, may span. */
export const MOST_DAYS_OF_PARK = 366;
export const MOST_DAYS_OF_CHAIN = 92;

/** Refuses a span that is empty, turned round or longer than a report is made for. */
export function checkScope(scope: ReportScope): Result<ReportScope, { readonly mostDays: number }> {
  const mostDays = scope.parkId === null ? MOST_DAYS_OF_CHAIN : MOST_DAYS_OF_PARK;
  const days = daysBetween(scope.from, scope.to) + 1;
  return days >= 1 && days <= mostDays ? ok(scope) : refuse({ mostDays });
}
