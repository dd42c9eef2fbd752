import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { Personal } from '../../../kernel/vault.ts';

/** What was decided: it was stored after all, or it never will be. */
export type Settling = 'released' | 'discarded';

/** A person decided about a segment of a node that was kept apart. */
export type KeptSegmentSettled = {
  readonly type: 'KeptSegmentSettled';
  readonly data: {
    readonly segmentId: string;
    readonly nodeId: string;
    readonly incarnation: string;
    /** Of its events, both included. */
    readonly first: number;
    readonly last: number;
    readonly how: Settling;
    /** Why, in the words of who decided; sealed, since it may speak of people. */
    readonly reason: Personal<string>;
    readonly settledAtMs: number;
  };
};

export type SettledSegment = Pick<KeptSegmentSettled['data'], 'nodeId' | 'how'>;

/** The decision about one segment: the first one stays, and the same one taken again changes nothing. */
export const settledSegment: Decider<
  KeptSegmentSettled['data'],
  SettledSegment | null,
  KeptSegmentSettled,
  { readonly code: 'kept_segment_settled' }
> = {
  aggregateType: 'KeptSegment',
  initial: null,
  decide(data, settled) {
    if (settled === null) return ok([{ type: 'KeptSegmentSettled', data }]);
    return settled.how === data.how ? ok([]) : refuse({ code: 'kept_segment_settled' });
  },
  evolve: (_state, { data: { nodeId, how } }) => ({ nodeId, how }),
};
