import { unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { CapacityGranted, ReturnAsked } from '../contract.ts';
import { capacityAccount } from './capacity.ts';

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

export type GrantEvent = CapacityGranted | CapacityTakenBack | ReturnAsked;

export type GrantCommand =
  | ({ readonly kind: 'grant' } & CapacityGranted['data'])
  | ({ readonly kind: 'take_back' } & CapacityTakenBack['data'])
  | ({ readonly kind: 'ask_back' } & ReturnAsked['data']);

export type GrantRefusal = { readonly code: 'not_positive' | 'to_itself' };

/** What was told, by its id; `asks` were answered. */
export type GrantState = Readonly<Record<'asks' | 'returns' | 'requests', ReadonlySet<string>>> & {
  readonly grants: ReadonlyMap<string, Pick<CapacityGranted['data'], 'places' | 'toIncarnation'>>;
};

/** How many places were granted to a log that has not counted them yet. @param credited grants that it has counted, by id */
export const placesOnTheWay = ({ grants }: GrantState, incarnation: string, credited: ReadonlySet<string>): number =>
  [...grants]
    .filter(([grantId, { toIncarnation }]) => toIncarnation === incarnation && !credited.has(grantId))
    .reduce((sum, [, { places }]) => sum + places, 0);

const plus = (known: ReadonlySet<string>, id: string | null): ReadonlySet<string> =>
  id === null ? known : new Set([...known, id]);

function decide(command: GrantCommand, state: GrantState): Result<readonly GrantEvent[], GrantRefusal> {
  if (!Number.isSafeInteger(command.places) || command.places <= 0) return refuse({ code: 'not_positive' });
  switch (command.kind) {
    case 'grant': {
      const { kind: _kind, ...data } = command;
      if (data.fromNode === data.toNode) return refuse({ code: 'to_itself' });
      const isTold = state.grants.has(data.grantId) || (data.askId !== null && state.asks.has(data.askId));
      return ok(isTold ? [] : [{ type: 'CapacityGranted', data }]);
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
  initial: { grants: new Map(), asks: new Set(), returns: new Set(), requests: new Set() },
  decide,
  evolve(state, event) {
    switch (event.type) {
      case 'CapacityGranted': {
        const { grantId, askId, places, toIncarnation } = event.data;
        const grants = new Map([...state.grants, [grantId, { places, toIncarnation }]]);
        return { ...state, grants, asks: plus(state.asks, askId) };
      }
      case 'CapacityTakenBack':
        return { ...state, returns: plus(state.returns, event.data.returnId) };
      case 'ReturnAsked':
        return { ...state, requests: plus(state.requests, event.data.requestId) };
      default:
        return unreachable(event, 'event of grants');
    }
  },
  transfersOf({ type, data }): readonly Transfer[] {
    const [free, granted] = (['free', 'granted'] as const).map((bucket) =>
      capacityAccount(data.parkId, data.date, bucket),
    ) as [string, string];
    if (type === 'ReturnAsked') return [];
    return type === 'CapacityGranted'
      ? [{ from: free, to: granted, amount: data.places }]
      : [{ from: granted, to: free, amount: data.places }];
  },
};
