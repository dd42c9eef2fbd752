import { unreachable } from '../../../kernel/assert.ts';
import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { Personal } from '../../../kernel/vault.ts';
import type { WaitlistOffered } from '../contract.ts';

/** How long an offered place is held for its guest: long enough to read a message. */
export const OFFER_MS = 30 * 60_000;

/** Somebody of the party as named when the guest joined; a child of the profile by its id alone. */
export type WaitingChild = {
  readonly childId: string | null;
  readonly name: Personal<string>;
  readonly age: Personal<number>;
  readonly birthDate: Personal<LocalDate>;
};

type Entry = {
  readonly entryId: string;
  readonly userId: string;
  readonly parkId: string;
  readonly visitDate: LocalDate;
};

export type WaitlistJoined = {
  readonly type: 'WaitlistJoined';
  readonly data: Entry & {
    readonly children: readonly WaitingChild[];
    readonly adults: number;
    /** Everybody of the party. */
    readonly places: number;
    readonly joinedAtMs: number;
  };
};
export type WaitlistOfferAccepted = {
  readonly type: 'WaitlistOfferAccepted';
  readonly data: { readonly entryId: string; readonly acceptedAtMs: number };
};
export type WaitlistLeft = {
  readonly type: 'WaitlistLeft';
  readonly data: {
    readonly entryId: string;
    /** `not_possible`: what was asked for cannot be sold any more, a child left the profile or the park closed. */
    readonly why: 'guest' | 'not_possible';
    readonly leftAtMs: number;
  };
};
export type WaitlistEvent = WaitlistJoined | WaitlistOffered | WaitlistOfferAccepted | WaitlistLeft;

export type WaitlistCommand =
  | { readonly kind: 'join'; readonly entry: WaitlistJoined['data'] }
  | { readonly kind: 'offer'; readonly ticketId: string; readonly untilMs: number; readonly nowMs: number }
  | { readonly kind: 'accept'; readonly userId: string; readonly nowMs: number }
  | { readonly kind: 'leave'; readonly userId: string; readonly nowMs: number }
  | { readonly kind: 'drop'; readonly nowMs: number };

export type WaitlistRefusal =
  | { readonly code: 'waitlist_entry_not_found' }
  /** No places are offered now, or not any more. */
  | { readonly code: 'nothing_offered' };

export type WaitlistState = {
  readonly status: 'absent' | 'waiting' | 'offered' | 'left';
  readonly entry: Entry | null;
  readonly offer: { readonly ticketId: string; readonly untilMs: number; readonly accepted: boolean } | null;
};

type Decision = Result<readonly WaitlistEvent[], WaitlistRefusal>;

function left(entryId: string, why: WaitlistLeft['data']['why'], leftAtMs: number): Decision {
  return ok([{ type: 'WaitlistLeft', data: { entryId, why, leftAtMs } }]);
}

function decideKnown(
  command: Exclude<WaitlistCommand, { readonly kind: 'join' }>,
  { status, offer }: WaitlistState,
  entry: Entry,
): Decision {
  const { entryId, userId } = entry;
  const isOthers = 'userId' in command && command.userId !== userId;
  if (isOthers) return refuse({ code: 'waitlist_entry_not_found' });
  switch (command.kind) {
    case 'offer': {
      // An offer holds places, so one that is not needed must refuse its whole append.
      if (status !== 'waiting') return refuse({ code: 'nothing_offered' });
      const { ticketId, untilMs, nowMs } = command;
      return ok([{ type: 'WaitlistOffered', data: { ...entry, ticketId, untilMs, offeredAtMs: nowMs } }]);
    }
    case 'accept':
      if (offer === null || status !== 'offered') return refuse({ code: 'nothing_offered' });
      if (offer.accepted) return ok([]);
      if (command.nowMs >= offer.untilMs) return refuse({ code: 'nothing_offered' });
      return ok([{ type: 'WaitlistOfferAccepted', data: { entryId, acceptedAtMs: command.nowMs } }]);
    case 'leave':
      return status === 'left' ? ok([]) : left(entryId, 'guest', command.nowMs);
    case 'drop':
      return status === 'waiting' ? left(entryId, 'not_possible', command.nowMs) : ok([]);
    default:
      return unreachable(command, 'waitlist command');
  }
}

/** One party's place in the queue for a full day. Being offered places happens once; whoever lets them lapse joins anew. */
export const waitlistEntry: Decider<WaitlistCommand, WaitlistState, WaitlistEvent, WaitlistRefusal> = {
  aggregateType: 'WaitlistEntry',
  initial: { status: 'absent', entry: null, offer: null },
  decide(command, state) {
    if (command.kind === 'join') {
      return ok(state.entry === null ? [{ type: 'WaitlistJoined', data: command.entry }] : []);
    }
    if (state.entry === null) return refuse({ code: 'waitlist_entry_not_found' });
    return decideKnown(command, state, state.entry);
  },
  evolve(state, event) {
    switch (event.type) {
      case 'WaitlistJoined': {
        const { entryId, userId, parkId, visitDate } = event.data;
        return { ...state, status: 'waiting', entry: { entryId, userId, parkId, visitDate } };
      }
      case 'WaitlistOffered': {
        const { ticketId, untilMs } = event.data;
        return { ...state, status: 'offered', offer: { ticketId, untilMs, accepted: false } };
      }
      case 'WaitlistOfferAccepted':
        return { ...state, offer: state.offer === null ? null : { ...state.offer, accepted: true } };
      case 'WaitlistLeft':
        return { ...state, status: 'left' };
      default:
        return unreachable(event, 'waitlist event');
    }
  },
};
