import { unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type {
  CapacityAsked,
  CapacityCredited,
  CapacityGranted,
  CapacityRecalled,
  CapacityReturned,
} from '../contract.ts';
import { capacityAccount } from './capacity.ts';

/**
 * The park's log begins anew, and may have sold, before, what it does not remember: whatever it seems to have of a day is not
 * its own any more.
 */
export type ShareFenced = {
  readonly type: 'ShareFenced';
  readonly data: {
    readonly parkId: string;
    readonly date: LocalDate;
    readonly nodeId: string;
    /** The log that begins. */
    readonly incarnation: string;
    /** What seemed to be free. */
    readonly places: number;
    readonly fencedAtMs: number;
  };
};

export type ShareEvent = CapacityCredited | CapacityAsked | CapacityReturned | CapacityRecalled | ShareFenced;

/** The node whose share it is. */
type Own = { readonly nodeId: string; readonly incarnation: string };

export type ShareCommand =
  | { readonly kind: 'credit'; readonly grant: CapacityGranted['data']; readonly own: Own; readonly nowMs: number }
  | ({ readonly kind: 'ask' } & CapacityAsked['data'])
  | ({ readonly kind: 'give_back' } & CapacityReturned['data'])
  | ({ readonly kind: 'recall' } & CapacityRecalled['data'])
  | ({ readonly kind: 'fence' } & ShareFenced['data']);

/** `foreign`: it was given to another node, or to a log of this node that is over. */
export type ShareRefusal = { readonly code: 'not_positive' | 'foreign' | 'from_itself' };

export type ShareState = {
  readonly grants: ReadonlySet<string>;
  readonly returns: ReadonlySet<string>;
  /** Requests that were answered, and hours of the day that have had their return. */
  readonly reasons: ReadonlySet<string>;
  readonly fences: ReadonlySet<string>;
  /** Tickets that headquarters was told of, by the life that it had begun. */
  readonly recalled: ReadonlySet<string>;
  /** The newest question, until any places have come: then whoever still lacks some asks anew. */
  readonly openAsk: { readonly askId: string; readonly atMs: number } | null;
  /** What came and did not go back, sold places among them. */
  readonly netPlaces: number;
  /** All that ever went back. */
  readonly returnedPlaces: number;
};

/** A question may be answered by nothing, as long as headquarters has nothing: it is asked again after this. */
export const ASK_AGAIN_MS = 5 * 60_000;

type Decision = Result<readonly ShareEvent[], ShareRefusal>;

const isPositive = (places: number): boolean => Number.isSafeInteger(places) && places > 0;

function credit({ grant, own, nowMs }: ShareCommand & { readonly kind: 'credit' }, state: ShareState): Decision {
  const { parkId, date, places, grantId, askId, fromNode, toNode, toIncarnation } = grant;
  if (!isPositive(places)) return refuse({ code: 'not_positive' });
  if (fromNode === own.nodeId) return refuse({ code: 'from_itself' });
  if (toNode !== own.nodeId || toIncarnation !== own.incarnation) return refuse({ code: 'foreign' });
  if (state.grants.has(grantId)) return ok([]);
  const data = { parkId, date, places, grantId, nodeId: own.nodeId, askId, creditedAtMs: nowMs };
  return ok([{ type: 'CapacityCredited', data }]);
}

const recallOf = ({ incarnation }: CapacityRecalled['data'], ticketId: string): string => `${incarnation}/${ticketId}`;

function decide(command: ShareCommand, state: ShareState): Decision {
  switch (command.kind) {
    case 'credit':
      return credit(command, state);
    case 'ask': {
      const { kind: _kind, ...data } = command;
      if (!isPositive(data.places)) return refuse({ code: 'not_positive' });
      const sinceMs = data.askedAtMs - (state.openAsk?.atMs ?? -Infinity);
      // A question from later than this one was asked by a clock that was wrong, and would be waited for until that time comes.
      const isWaiting = sinceMs >= 0 && sinceMs < ASK_AGAIN_MS;
      return ok(isWaiting ? [] : [{ type: 'CapacityAsked', data }]);
    }
    case 'give_back': {
      const { kind: _kind, ...data } = command;
      if (!isPositive(data.places)) return refuse({ code: 'not_positive' });
      const isTold = state.returns.has(data.returnId) || (data.reason !== null && state.reasons.has(data.reason));
      return ok(isTold ? [] : [{ type: 'CapacityReturned', data }]);
    }
    case 'recall': {
      const { kind: _kind, ...data } = command;
      const tickets = data.tickets.filter(({ ticketId }) => !state.recalled.has(recallOf(data, ticketId)));
      return ok(tickets.length === 0 ? [] : [{ type: 'CapacityRecalled', data: { ...data, tickets } }]);
    }
    case 'fence': {
      const { kind: _kind, ...data } = command;
      return ok(state.fences.has(data.incarnation) ? [] : [{ type: 'ShareFenced', data }]);
    }
    default:
      return unreachable(command, 'command of a share');
  }
}

function evolve(state: ShareState, event: ShareEvent): ShareState {
  switch (event.type) {
    case 'CapacityCredited': {
      const { grantId, places } = event.data;
      const grants = new Set([...state.grants, grantId]);
      return { ...state, grants, openAsk: null, netPlaces: state.netPlaces + places };
    }
    case 'CapacityAsked':
      return { ...state, openAsk: { askId: event.data.askId, atMs: event.data.askedAtMs } };
    case 'CapacityReturned': {
      const { returnId, reason, places } = event.data;
      const reasons = reason === null ? state.reasons : new Set([...state.reasons, reason]);
      return {
        ...state,
        returns: new Set([...state.returns, returnId]),
        reasons,
        netPlaces: state.netPlaces - places,
        returnedPlaces: state.returnedPlaces + places,
      };
    }
    case 'CapacityRecalled': {
      const told = event.data.tickets.map(({ ticketId }) => recallOf(event.data, ticketId));
      return { ...state, recalled: new Set([...state.recalled, ...told]) };
    }
    case 'ShareFenced':
      return { ...state, fences: new Set([...state.fences, event.data.incarnation]), openAsk: null, netPlaces: 0 };
    default:
      return unreachable(event, 'event of a share');
  }
}

/** The places of a day that one node of its park may sell. It can sell nothing else, and is the only one who writes it. */
export const parkShare: Decider<ShareCommand, ShareState, ShareEvent, ShareRefusal> = {
  aggregateType: 'ParkShare',
  initial: {
    grants: new Set(),
    returns: new Set(),
    reasons: new Set(),
    fences: new Set(),
    recalled: new Set(),
    openAsk: null,
    netPlaces: 0,
    returnedPlaces: 0,
  },
  decide,
  evolve,
  transfersOf({ type, data }): readonly Transfer[] {
    if (type === 'CapacityAsked' || type === 'CapacityRecalled' || data.places === 0) return [];
    const free = capacityAccount(data.parkId, data.date, 'free');
    return type === 'CapacityCredited'
      ? [{ from: null, to: free, amount: data.places }]
      : [{ from: free, to: null, amount: data.places }];
  },
};
