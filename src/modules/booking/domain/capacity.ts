import { unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';

/**
 * Where the places of a park's day are, by what this node knows. At headquarters their sum is the day's quota, whatever happens;
 * `granted` are those that were given to the park's own node and did not come back, and where they are the park knows. A
 * park has what it was granted as its own `free`, `held` and `sold`. `written_off` were sold by headquarters before it was set back: it
 * does not know them, and somebody has tickets for them. `free` goes below zero only when the quota is lowered
 * under what is held, sold and granted: what it owes is the day's deficit, and places that come back make up for it before any
 * of them can be sold.
 */
export type CapacityBucket = 'free' | 'held' | 'sold' | 'granted' | 'written_off';

/** The counter of one bucket. */
export const capacityAccount = (parkId: string, date: LocalDate, bucket: CapacityBucket): string =>
  `capacity/${parkId}/${date}/${bucket}`;

/** Places that can be sold, and those that were sold beyond the quota: at most one of the two is not zero. */
export const freeAndDeficit = (balance: number): { readonly free: number; readonly deficit: number } => ({
  free: Math.max(0, balance),
  deficit: Math.max(0, -balance),
});

export type DayOpened = {
  readonly type: 'DayOpened';
  readonly data: { readonly parkId: string; readonly date: LocalDate; readonly quota: number };
};
export type DayQuotaChanged = {
  readonly type: 'DayQuotaChanged';
  readonly data: {
    readonly parkId: string;
    readonly date: LocalDate;
    readonly fromQuota: number;
    readonly toQuota: number;
  };
};
export type DayEvent = DayOpened | DayQuotaChanged;

export type DayCommand = {
  /** `change` leaves a day alone that nobody has sold yet: it will open with the quota of that moment. */
  readonly kind: 'open' | 'change';
  readonly parkId: string;
  readonly date: LocalDate;
  readonly quota: number;
};

/** `quota` is null until the day is opened. */
export type DayState = { readonly quota: number | null };

/** A park's day begins to be sold with its whole quota free; later the quota may be raised and lowered. */
export const day: Decider<DayCommand, DayState, DayEvent, never> = {
  aggregateType: 'ParkDay',
  initial: { quota: null },
  decide({ kind, parkId, date, quota }, state): Result<readonly DayEvent[], never> {
    if (state.quota === null) return ok(kind === 'open' ? [{ type: 'DayOpened', data: { parkId, date, quota } }] : []);
    if (kind === 'open' || quota === state.quota) return ok([]);
    const data = { parkId, date, fromQuota: state.quota, toQuota: quota };
    return ok([{ type: 'DayQuotaChanged', data }]);
  },
  evolve: (_state, event) => ({ quota: event.type === 'DayOpened' ? event.data.quota : event.data.toQuota }),
  transfersOf(event): readonly Transfer[] {
    const free = capacityAccount(event.data.parkId, event.data.date, 'free');
    switch (event.type) {
      case 'DayOpened':
        return added(free, event.data.quota);
      case 'DayQuotaChanged': {
        const { fromQuota, toQuota } = event.data;
        return toQuota > fromQuota
          ? added(free, toQuota - fromQuota)
          : [{ from: free, to: null, amount: fromQuota - toQuota, overdraws: true }];
      }
      default:
        return unreachable(event, 'day event');
    }
  },
};

const added = (free: string, amount: number): readonly Transfer[] =>
  amount === 0 ? [] : [{ from: null, to: free, amount }];
