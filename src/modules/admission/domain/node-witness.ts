import type { Decider } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';

/** A place in the log of a node, as the node told its devices. */
export type SeenHead = {
  readonly incarnation: string;
  readonly seq: number;
  /** The link of the event there, as base64url. */
  readonly link: string;
};

/** A device saw this node's log further than it is, or otherwise: the node was put back to an earlier state, or copied. */
export type NodeRollbackTold = {
  readonly type: 'NodeRollbackTold';
  readonly data: {
    readonly deviceId: string;
    readonly parkId: string;
    /** `missing`: there is nothing here at that place; `different`: something else. */
    readonly what: 'missing' | 'different';
    readonly seen: SeenHead;
  };
};

/** The highest place of one incarnation that was told to be lost; all below it need no telling any more. */
export const nodeWitness: Decider<NodeRollbackTold['data'], { readonly seq: number }, NodeRollbackTold, never> = {
  aggregateType: 'NodeWitness',
  initial: { seq: 0 },
  decide: (data, { seq }): Result<readonly NodeRollbackTold[], never> =>
    ok(data.seen.seq > seq ? [{ type: 'NodeRollbackTold', data }] : []),
  evolve: (_state, { data }) => ({ seq: data.seen.seq }),
};
