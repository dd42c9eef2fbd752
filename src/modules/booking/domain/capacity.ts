import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';

/** Where the places of a park's day are. Their sum is the day's quota; none is ever below zero. */
export type CapacityBucket = 'free' | 'held' | 'sold';

/** The counter of one bucket. */
export const capacityAccount = (parkId: string, date: LocalDate, bucket: CapacityBucket): string =>
  `capacity/${parkId}/${date}/${bucket}`;

export type DayOpened = {
  readonly type: 'DayOpened';
  readonly data: { readonly parkId: string; readonly date: LocalDate; readonly quota: number };
};

export type DayCommand = {
  readonly kind: 'open';
  readonly parkId: string;
  readonly date: LocalDate;
  readonly quota: number;
};

/** A park's day begins to be sold: its whole quota is free. */
export const day: Decider<DayCommand, { readonly opened: boolean }, DayOpened, never> = {
  aggregateType: 'ParkDay',
  initial: { opened: false },
  decide({ parkId, date, quota }, { opened }): Result<readonly DayOpened[], never> {
    return ok(opened ? [] : [{ type: 'DayOpened', data: { parkId, date, quota } }]);
  },
  evolve: () => ({ opened: true }),
  transfersOf({ data: { parkId, date, quota } }): readonly Transfer[] {
    return quota === 0 ? [] : [{ from: null, to: capacityAccount(parkId, date, 'free'), amount: quota }];
  },
};
