import type { Decider } from '../../../kernel/decider.ts';
import type { Beginning, IncarnationOpened } from '../contract.ts';
import { ok, refuse } from '../../../kernel/result.ts';

/** A person says that headquarters, which was set back, may sell again what it holds of days with gates of other nodes. */
export type SellingResumed = {
  readonly type: 'SellingResumed';
  readonly data: { readonly nodeId: string; readonly incarnation: string; readonly resumedAtMs: number };
};

export type IncarnationEvent = IncarnationOpened | SellingResumed;

export type IncarnationCommand =
  ({ readonly kind: 'open' } & IncarnationOpened['data']) | ({ readonly kind: 'resume' } & SellingResumed['data']);

/** `not_set_back`: the life is the first one, or selling was resumed in it before. */
export type IncarnationRefusal = { readonly code: 'not_set_back' };

export type Life = Beginning & { readonly isResumed: boolean };

/** One life of a node's log, as the node itself tells of it. */
export const incarnation: Decider<IncarnationCommand, Life | null, IncarnationEvent, IncarnationRefusal> = {
  aggregateType: 'Incarnation',
  initial: null,
  decide(command, life) {
    if (command.kind === 'open') {
      const { kind: _kind, ...data } = command;
      return ok(life === null ? [{ type: 'IncarnationOpened', data }] : []);
    }
    const { kind: _kind, ...data } = command;
    if (life === null || life.isResumed) return refuse({ code: 'not_set_back' });
    return ok([{ type: 'SellingResumed', data }]);
  },
  evolve(life, event) {
    if (event.type === 'SellingResumed') return life === null ? null : { ...life, isResumed: true };
    const { previous, reason } = event.data;
    return { previous, reason, isResumed: false };
  },
};
