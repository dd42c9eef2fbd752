import { unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { CapacityGranted, CapacityRecalled, ReturnAsked } from '../contract.ts';
import { capacityAccount, type CapacityBucket } from './capacity.ts';

/** Places that a park gave back are with headquarters again. */
export type CapacityTakenBack = {
  readonly type: 'CapacityTakenBack';
  readonly data: {
    readonly parkId: string;
    readonly date: LocalDate;
    readonly places: number;
    readonly returnId: string;
    readonly fromNode: string;
    readonly takenAtMs: number;
  };
};

/** Places that somebody has tickets for which headquarters sold and, since it was set back, does not know. */
export type CapacityWrittenOff = {
  readonly type: 'CapacityWrittenOff';
  readonly data: {
    readonly parkId: string;
    readonly date: LocalDate;
    readonly places: number;
    readonly ticketIds: readonly string[];
    /** The node that told of them. */
    readonly fromNode: string;
    readonly writtenOffAtMs: number;
  };
};

export type GrantEvent = CapacityGranted | CapacityTakenBack | CapacityWrittenOff | ReturnAsked;

export type GrantCommand =
  | ({ readonly kind: 'grant' } & CapacityGranted['data'])
  /** It was granted before headquarters was set back. */
  | ({ readonly kind: 'remember' } & CapacityGranted['data'])
  | ({ readonly kind: 'write_off' } & Omit<CapacityWrittenOff['data'], 'places' | 'ticketIds'> & {
        readonly tickets: CapacityRecalled['data']['tickets'];
      })
  | ({ readonly kind: 'take_back' } & CapacityTakenBack['data'])
  | ({ readonly kind: 'ask_back' } & ReturnAsked['data']);

export type GrantRefusal = { readonly code: 'not_positive' | 'to_itself' };

/** What was told, by its id; `asks` were answered, `walkUps` are nodes that had their walk-up share, `lost` are tickets. */
export type GrantState = Readonly<Record<'asks' | 'walkUps' | 'returns' | 'requests' | 'lost', ReadonlySet<string>>> & {
  readonly grants: ReadonlyMap<string, Pick<CapacityGranted['data'], 'places' | 'toIncarnation'>>;
  /** Places that came back, by node. */
  readonly taken: ReadonlyMap<string, number>;
};

/** How many places were granted to a log that has not counted them yet. @param credited grants that it has counted, by id */
export const placesOnTheWay = ({ grants }: GrantState, incarnation: string, credited: ReadonlySet<string>): number =>
  [...grants]
    .filter(([grantId, { toIncarnation }]) => toIncarnation === incarnation && !credited.has(grantId))
    .reduce((sum, [, { places }]) => sum + places, 0);

const plus = (known: ReadonlySet<string>, id: string | null): ReadonlySet<string> =>
  id === null ? known : new Set([...known, id]);

function writeOff(
  { kind: _kind, tickets, ...told }: GrantCommand & { readonly kind: 'write_off' },
  state: GrantState,
): Result<readonly GrantEvent[], GrantRefusal> {
  const fresh = tickets.filter(({ ticketId }) => !state.lost.has(ticketId));
  if (fresh.some(({ places }) => !Number.isSafeInteger(places) || places <= 0)) return refuse({ code: 'not_positive' });
  const places = fresh.reduce((sum, one) => sum + one.places, 0);
  const ticketIds = fresh.map(({ ticketId }) => ticketId);
  return ok(places === 0 ? [] : [{ type: 'CapacityWrittenOff', data: { ...told, places, ticketIds } }]);
}

function decide(command: GrantCommand, state: GrantState): Result<readonly GrantEvent[], GrantRefusal> {
  if (command.kind === 'write_off') return writeOff(command, state);
  if (!Number.isSafeInteger(command.places) || command.places <= 0) return refuse({ code: 'not_positive' });
  switch (command.kind) {
    case 'grant': {
      const { kind: _kind, ...data } = command;
      if (data.fromNode === data.toNode) return refuse({ code: 'to_itself' });
      const isTold = state.grants.has(data.grantId) || (data.askId !== null && state.asks.has(data.askId));
      return ok(isTold ? [] : [{ type: 'CapacityGranted', data }]);
    }
    case 'remember': {
      const { kind: _kind, ...data } = command;
      return ok(
        state.grants.has(data.grantId) ? [] : [{ type: 'CapacityGranted', data: { ...data, remembered: true } }],
      );
    }
    case 'take_back': {
      const { kind: _kind, ...data } = command;
      return ok(state.returns.has(data.returnId) ? [] : [{ type: 'CapacityTakenBack', data }]);
    }
    case 'ask_back': {
      const { kind: _kind, ...data } = command;
      return ok(state.requests.has(data.requestId) ? [] : [{ type: 'ReturnAsked', data }]);
    }
    default:
      return unreachable(command, 'command of grants');
  }
}

/**
 * What headquarters gave a park of a day's places and has back. It gives up what it grants before the park can hear of it, and
 * takes a return once, however often it is told: nothing is ever with both.
 */
export const dayGrants: Decider<GrantCommand, GrantState, GrantEvent, GrantRefusal> = {
  aggregateType: 'DayGrants',
  initial: {
    grants: new Map(),
    asks: new Set(),
    walkUps: new Set(),
    returns: new Set(),
    requests: new Set(),
    lost: new Set(),
    taken: new Map(),
  },
  decide,
  evolve(state, event) {
    switch (event.type) {
      case 'CapacityGranted': {
        const { grantId, askId, places, toNode, toIncarnation } = event.data;
        const grants = new Map([...state.grants, [grantId, { places, toIncarnation }]]);
        const walkUps = plus(state.walkUps, askId === null ? toNode : null);
        return { ...state, grants, asks: plus(state.asks, askId), walkUps };
      }
      case 'CapacityTakenBack': {
        const { returnId, fromNode, places } = event.data;
        const taken = new Map([...state.taken, [fromNode, (state.taken.get(fromNode) ?? 0) + places]]);
        return { ...state, returns: plus(state.returns, returnId), taken };
      }
      case 'CapacityWrittenOff':
        return { ...state, lost: new Set([...state.lost, ...event.data.ticketIds]) };
      case 'ReturnAsked':
        return { ...state, requests: plus(state.requests, event.data.requestId) };
      default:
        return unreachable(event, 'event of grants');
    }
  },
  transfersOf({ type, data }): readonly Transfer[] {
    const account = (bucket: CapacityBucket): string => capacityAccount(data.parkId, data.date, bucket);
    const [free, amount] = [account('free'), data.places];
    switch (type) {
      case 'ReturnAsked':
        return [];
      case 'CapacityGranted':
        return [
          { from: free, to: account('granted'), amount, ...(data.remembered === true ? { overdraws: true } : {}) },
        ];
      case 'CapacityTakenBack':
        return [{ from: account('granted'), to: free, amount }];
      case 'CapacityWrittenOff':
        return [{ from: free, to: account('written_off'), amount, overdraws: true }];
      default:
        return unreachable(type, 'event of grants');
    }
  },
};
