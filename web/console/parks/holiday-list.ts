import type { operations } from '../../../clients/typescript/schema.d.ts';

export type HolidayList = operations['getHolidays']['responses']['200']['content']['application/json'];
export type Holiday = HolidayList['items'][number];

export const CERTAINTIES = ['fixed', 'announced', 'estimated'] as const satisfies readonly Holiday['certainty'][];

export const without = (list: readonly Holiday[], date: string): readonly Holiday[] =>
  list.filter((one) => one.date !== date);

/**
 * The list with a holiday in its place by date; a day has one.
 * @param before the date that it had until now, null for a new one
 */
export const withHoliday = (list: readonly Holiday[], holiday: Holiday, before: string | null): readonly Holiday[] =>
  [...list.filter(({ date }) => date !== before && date !== holiday.date), holiday].toSorted((one, other) =>
    one.date.localeCompare(other.date),
  );
