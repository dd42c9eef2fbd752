import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { ParkHome, ParkHomeAssigned } from '../contract.ts';

type Assign = {
  readonly kind: 'assign';
  readonly parkId: string;
  readonly nodeId: string;
  readonly fromDate: LocalDate;
  /** The first day that can still change its home: nothing was admitted there from it on. */
  readonly firstDate: LocalDate;
  /** Who is at home where nobody else is. */
  readonly headquarters: string;
};

/** Every day of a node goes to headquarters, begun and past ones too: nothing that the node writes is taken any more. */
type Inherit = {
  readonly kind: 'inherit';
  readonly parkId: string;
  readonly ofNode: string;
  readonly headquarters: string;
};

export type ParkHomeCommand = Assign | Inherit;

export type ParkHomeRefusal =
  | { readonly code: 'day_has_begun' }
  /** Another node is at home there and was not revoked: it may be admitting people while we speak. */
  | { readonly code: 'park_has_node' };

export type ParkHomeState = {
  /** By their first days, rising. */
  readonly homes: readonly ParkHome[];
};

type Decision = Result<readonly ParkHomeAssigned[], ParkHomeRefusal>;

function assign({ parkId, nodeId, fromDate, firstDate, headquarters }: Assign, { homes }: ParkHomeState): Decision {
  const last = homes.at(-1)?.nodeId ?? headquarters;
  if (last === nodeId && homes.every((home) => home.fromDate <= fromDate)) return ok([]);
  if (![nodeId, headquarters].includes(last) && nodeId !== headquarters) return refuse({ code: 'park_has_node' });
  if (fromDate < firstDate) return refuse({ code: 'day_has_begun' });
  return ok([{ type: 'ParkHomeAssigned', data: { parkId, nodeId, fromDate } }]);
}

/** Whoever is at home after the node's days is told again, since each word holds for all days after it. */
function inherit({ parkId, ofNode, headquarters }: Inherit, { homes }: ParkHomeState): Decision {
  const first = homes.findIndex(({ nodeId }) => nodeId === ofNode);
  const again = first < 0 ? [] : homes.slice(first);
  return ok(
    again.map(({ fromDate, nodeId }) => {
      const heir = nodeId === ofNode ? headquarters : nodeId;
      return { type: 'ParkHomeAssigned', data: { parkId, nodeId: heir, fromDate } };
    }),
  );
}

/** Which node is the home of a park's days. A new word about a day and all after it stands in place of the older ones. */
export const parkHome: Decider<ParkHomeCommand, ParkHomeState, ParkHomeAssigned, ParkHomeRefusal> = {
  aggregateType: 'ParkHome',
  initial: { homes: [] },
  decide: (command, state) => (command.kind === 'assign' ? assign(command, state) : inherit(command, state)),
  evolve: ({ homes }, { data: { fromDate, nodeId } }) => ({
    homes: [...homes.filter((home) => home.fromDate < fromDate), { fromDate, nodeId }],
  }),
};

type StillHome = { readonly nodeId: string; readonly date: LocalDate; readonly headquarters: string };

/** A part of what a node may do only where it is at home: stored only while it is. */
export const stillHome: Decider<StillHome, ParkHomeState, ParkHomeAssigned, { readonly code: 'home_changed' }> = {
  ...parkHome,
  decide({ nodeId, date, headquarters }, { homes }) {
    const home = homes.findLast(({ fromDate }) => fromDate <= date)?.nodeId ?? headquarters;
    return home === nodeId ? ok([]) : refuse({ code: 'home_changed' });
  },
};
