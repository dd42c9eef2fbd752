import type { Decider } from '../../../kernel/decider.ts';
import type { LogPlace } from '../contract.ts';
import { ok } from '../../../kernel/result.ts';

/** A node begins a new life of its log, since the one before cannot be believed to be whole. The first thing it writes in it. */
export type IncarnationOpened = {
  readonly type: 'IncarnationOpened';
  readonly data: {
    readonly nodeId: string;
    readonly incarnation: string;
    readonly reason: 'restored' | 'declared';
    /** How far the life before was known to the node when it began this one. */
    readonly previous: LogPlace;
  };
};

export type IncarnationCommand = { readonly kind: 'open' } & IncarnationOpened['data'];

/** One life of a node's log, as the node itself tells of it. */
export const incarnation: Decider<IncarnationCommand, LogPlace | null, IncarnationOpened, never> = {
  aggregateType: 'Incarnation',
  initial: null,
  decide: ({ kind: _kind, ...data }, previous) => ok(previous === null ? [{ type: 'IncarnationOpened', data }] : []),
  evolve: (_state, { data: { previous } }) => previous,
};
