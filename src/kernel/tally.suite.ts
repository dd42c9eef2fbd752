import { createEventCodec } from './event-codec.ts';
import type { Decider } from './decider.ts';
import type { Vault } from './vault.ts';
import { ok, refuse } from './result.ts';

/** A counter with a limit, and a shelf of places: the smallest aggregate that can conflict, refuse and do nothing. */
export type TallyEvent =
  | { readonly type: 'TallyRaised'; readonly data: { readonly by: number; readonly who: string } }
  | { readonly type: 'TallyClosed'; readonly data: Record<never, never> };

export type TallyCommand =
  | { readonly kind: 'raise'; readonly by?: number; readonly who?: string; readonly most?: number }
  | { readonly kind: 'close' };

export type TallyState = { readonly total: number; readonly who: readonly string[]; readonly isClosed: boolean };
export type TallyRefusal = { readonly code: 'closed' } | { readonly code: 'too_many'; readonly total: number };

/** @param account where every raise takes its places from; none when null. */
export const tallyOn = (account: string | null): Decider<TallyCommand, TallyState, TallyEvent, TallyRefusal> => ({
  aggregateType: 'Tally',
  initial: { total: 0, who: [], isClosed: false },
  decide(command, state) {
    if (command.kind === 'close') return ok(state.isClosed ? [] : [{ type: 'TallyClosed', data: {} }]);
    if (state.isClosed) return refuse({ code: 'closed' });
    const { by = 1, who = 'somebody', most = Number.POSITIVE_INFINITY } = command;
    if (state.total + by > most) return refuse({ code: 'too_many', total: state.total });
    return ok([{ type: 'TallyRaised', data: { by, who } }]);
  },
  evolve: (state, event) =>
    event.type === 'TallyClosed'
      ? { ...state, isClosed: true }
      : { ...state, total: state.total + event.data.by, who: [...state.who, event.data.who] },
  transfersOf: (event) =>
    event.type === 'TallyRaised' && account !== null
      ? [{ from: account, to: `${account}/taken`, amount: event.data.by }]
      : [],
});

export const tally = tallyOn(null);

const noVault: Vault = {
  seal: async (_subject, text) => text,
  open: async (text) => text,
  blindIndex: (_scope, value) => value,
  destroy: async () => undefined,
};

export const tallyCodec = createEventCodec(
  [
    { type: 'TallyRaised', version: 1 },
    { type: 'TallyClosed', version: 1 },
  ],
  noVault,
);
