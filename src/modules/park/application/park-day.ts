import type { LocalDate } from '../../../kernel/time.ts';
import type { ParkDay } from '../contract.ts';
import { offerOf } from '../domain/day-rule.ts';
import type { DaySources } from './park-catalogue.ts';

export type FindParkDay = (parkId: string, date: LocalDate) => Promise<ParkDay | null>;

/** What a park offers on a date; null when there is no such park. */
export const createFindParkDay =
  (sources: Pick<DaySources, 'find'>): FindParkDay =>
  async (parkId, date) => {
    const source = await sources.find(parkId, date);
    return source === null ? null : offerOf(source.park, date, source);
  };
