import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';

/** From a day on, admissions to a park are written by that node and by no other. */
export type ParkHomeAssigned = {
  readonly type: 'ParkHomeAssigned';
  readonly data: { readonly parkId: string; readonly nodeId: string; readonly fromDate: LocalDate };
};

export type ParkHomeCommand = {
  readonly kind: 'assign';
  readonly parkId: string;
  readonly nodeId: string;
  readonly fromDate: LocalDate;
  /** The first day that can still change its home: nothing was admitted there from it on. */
  readonly firstDate: LocalDate;
  /** Who is at home where nobody else is. */
  readonly headquarters: string;
};

export type ParkHomeRefusal =
  | { readonly code: 'day_has_begun' }
  /** Another node is at home there and was not revoked: it may be admitting people while we speak. */
  | { readonly code: 'park_has_node' };

export type ParkHomeState = {
  /** By their first days, rising. */
  readonly homes: readonly { readonly fromDate: LocalDate; readonly nodeId: string }[];
};

/** Which node is the home of a park's days. A new word about a day and all after it stands in place of the older ones. */
export const parkHome: Decider<ParkHomeCommand, ParkHomeState, ParkHomeAssigned, ParkHomeRefusal> = {
  aggregateType: 'ParkHome',
  initial: { homes: [] },
  decide({ parkId, nodeId, fromDate, firstDate, headquarters }, { homes }) {
    const last = homes.at(-1)?.nodeId ?? headquarters;
    if (last === nodeId && homes.every((home) => home.fromDate <= fromDate)) return ok([]);
    if (![nodeId, headquarters].includes(last) && nodeId !== headquarters) return refuse({ code: 'park_has_node' });
    if (fromDate < firstDate) return refuse({ code: 'day_has_begun' });
    return ok([{ type: 'ParkHomeAssigned', data: { parkId, nodeId, fromDate } }]);
  },
  evolve: ({ homes }, { data: { fromDate, nodeId } }) => ({
    homes: [...homes.filter((home) => home.fromDate < fromDate), { fromDate, nodeId }],
  }),
};
