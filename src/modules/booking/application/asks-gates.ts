import type { Ids } from '../../../kernel/ids.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { HomeOf } from './ports.ts';

/**
 * Whom a ticket that moves has to ask about its old day: nobody where this node serves those gates, else the node that does. That must
 * serve those of the new day too, because one node alone says who came in by a ticket.
 */
export type AsksGates = (
  parkId: string,
  from: LocalDate,
  to: LocalDate,
) => Promise<{ readonly voidId: string | null } | 'two_nodes'>;

type Dependencies = { readonly homeOf: HomeOf; readonly nodeId: string; readonly ids: Ids };

export const createAsksGates =
  ({ homeOf, nodeId, ids }: Dependencies): AsksGates =>
  async (parkId, from, to) => {
    const [home, next] = await Promise.all([homeOf(parkId, from), homeOf(parkId, to)]);
    if (home !== next) return 'two_nodes';
    return { voidId: home === nodeId ? null : ids.next() };
  };
