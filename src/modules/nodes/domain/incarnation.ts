import type { Decider } from '../../../kernel/decider.ts';
import type { Beginning, LifeReason, LogPlace } from '../contract.ts';
import { ok } from '../../../kernel/result.ts';

/** A node begins a new life of its log, since the one before cannot be believed to be whole. The first thing it writes in it. */
export type IncarnationOpened = {
  readonly type: 'IncarnationOpened';
  readonly data: {
    readonly nodeId: string;
    readonly incarnation: string;
    readonly reason: LifeReason;
    /** How far the life before was known to the node when it began this one. */
    readonly previous: LogPlace;
  };
};

export type IncarnationCommand = { readonly kind: 'open' } & IncarnationOpened['data'];

/** One life of a node's log, as the node itself tells of it. */
export const incarnation: Decider<IncarnationCommand, Beginning | null, IncarnationOpened, never> = {
  aggregateType: 'Incarnation',
  initial: null,
  decide: ({ kind: _kind, ...data }, beginning) => ok(beginning === null ? [{ type: 'IncarnationOpened', data }] : []),
  evolve: (_state, { data: { previous, reason } }) => ({ previous, reason }),
};
