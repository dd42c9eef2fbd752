import { unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { AdmissionVoided } from '../contract.ts';
import { entryAccount } from './entry-limit.ts';

/** Whether somebody who left may come in again on the same day. */
export type ReEntry = 'none' | 'same_day';

/** What the gate knows of the ticket when it scans it. */
export type ScannedTicket = {
  readonly ticketId: string;
  readonly userId: string | null;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  /** Everybody of the party. */
  readonly partySize: number;
};

/** People of a ticket come in (`admit`) or go out (`exit`). */
export type AdmissionCommand = ScannedTicket & {
  readonly kind: 'admit' | 'exit';
  readonly scanId: string;
  /** How many; absent: everybody who can. */
  readonly people: number | undefined;
  readonly gate: string;
  /** When it was scanned by the clock of the gate. */
  readonly saidAtMs: number;
  /** The same, corrected: not after the scan arrived and not before the ticket was made. */
  readonly scannedAtMs: number;
  readonly reEntry: ReEntry;
  /** The node that stores the scan. */
  readonly nodeId: string;
  /** Whether they come in although the park is full. */
  readonly overLimit: boolean;
  /** Who lets them in over the limit, and why; null when nobody decided so. */
  readonly override: Override | null;
};

/** A manager's word that people come in although the park is full. */
export type Override = { readonly by: string; readonly reason: string };

/**
 * A scan that counted. `places` are the people of the party by number, from 1: every person is one place, whoever it is.
 * `entered`, `inside` and `remaining` are the state after the scan.
 */
export type PassageData = ScannedTicket & {
  readonly scanId: string;
  readonly people: number;
  readonly places: readonly number[];
  readonly gate: string;
  /** By the clock of the gate, as it said; kept to look into, nothing goes by it. */
  readonly saidAtMs: number;
  /** When it counts as scanned: the time said, corrected; of an exit not before the last entry. */
  readonly scannedAtMs: number;
  /** How many of the party have ever come in. */
  readonly entered: number;
  readonly inside: number;
  /** How many may still come in. */
  readonly remaining: number;
  readonly nodeId: string;
  /** How many of `people` the counters of the day know of; none of those who came in before there were any. */
  readonly counted: number;
};

export type PeopleAdmitted = {
  readonly type: 'PeopleAdmitted';
  /** `overLimit`: they came in although the park was full, or might have been. */
  readonly data: PassageData & { readonly first: boolean; readonly overLimit: boolean };
};
export type PeopleExited = { readonly type: 'PeopleExited'; readonly data: PassageData };
export type Passage = PeopleAdmitted | PeopleExited;

/** A manager let people in although the park was full. The reason is theirs, and may name people. */
export type EntryLimitOverridden = {
  readonly type: 'EntryLimitOverridden';
  readonly data: {
    readonly ticketId: string;
    /** Under whose key the reason is sealed: the ticket's owner, or the ticket when it has none. */
    readonly subjectId: string;
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly scanId: string;
    readonly people: number;
    readonly by: string;
    readonly reason: string;
  };
};

export type AdmissionEvent = Passage | EntryLimitOverridden | AdmissionVoided;

/** The ticket was voided, nobody is left who could pass, or fewer than asked for. Nobody passes then. */
export type AdmissionRefusal = {
  readonly code: 'cancelled' | 'already_used' | 'partly_used';
  readonly remaining: number;
};

/** What a scan that counted came to; it stays the answer to that scan. */
export type ScanResult = {
  readonly outcome: 'admitted' | 'exited';
  readonly people: number;
  readonly remaining: number;
};

export type AdmissionState = {
  /** Places that have ever come in, and those inside now; ascending. */
  readonly entered: readonly number[];
  readonly inside: readonly number[];
  /** How many of those inside the counters of the day know of. */
  readonly counted: number;
  /** 0 before anybody came in. */
  readonly lastEntryMs: number;
  readonly scans: Readonly<Record<string, ScanResult>>;
  /** Nobody comes in any more; whoever is inside may go out. */
  readonly voided: boolean;
};

type Occupied = { readonly partySize: number; readonly entered: number; readonly inside: number };

/** How many of a party may still come in. */
export const placesLeft = ({ partySize, entered, inside }: Occupied, reEntry: ReEntry): number =>
  Math.max(0, partySize - (reEntry === 'same_day' ? inside : entered));

const join = (places: readonly number[], more: readonly number[]): readonly number[] =>
  [...new Set([...places, ...more])].toSorted((a, b) => a - b);

const without = (places: readonly number[], fewer: readonly number[]): readonly number[] =>
  places.filter((place) => !fewer.includes(place));

/** Who may come in: first those who never did, then, where the park lets them, those who went out. */
function placesOutside(partySize: number, state: AdmissionState, reEntry: ReEntry): readonly number[] {
  const all = Array.from({ length: partySize }, (_, index) => index + 1);
  const fresh = without(all, state.entered);
  return reEntry === 'same_day' ? [...fresh, ...without(state.entered, state.inside)] : fresh;
}

const scanResultOf = ({ type, data }: Passage): ScanResult => ({
  outcome: type === 'PeopleAdmitted' ? 'admitted' : 'exited',
  people: data.people,
  remaining: data.remaining,
});

function decide(command: AdmissionCommand, state: AdmissionState): Result<readonly AdmissionEvent[], AdmissionRefusal> {
  const { kind, people, reEntry, overLimit, override, ...scan } = command;
  if (Object.hasOwn(state.scans, scan.scanId)) return ok([]); // told twice
  const { partySize } = scan;
  const free = kind === 'admit' ? placesOutside(partySize, state, reEntry) : state.inside;
  const left = placesLeft({ partySize, entered: state.entered.length, inside: state.inside.length }, reEntry);
  if (kind === 'admit' && state.voided) return refuse({ code: 'cancelled', remaining: left });
  if (free.length === 0) return refuse({ code: 'already_used', remaining: left });
  const count = people ?? free.length;
  if (count > free.length) return refuse({ code: 'partly_used', remaining: left });
  const places = free.slice(0, count).toSorted((a, b) => a - b);
  const entered = kind === 'admit' ? join(state.entered, places) : state.entered;
  const inside = kind === 'admit' ? join(state.inside, places) : without(state.inside, places);
  const totals = { partySize, entered: entered.length, inside: inside.length };
  const data = { ...scan, ...totals, people: count, places, remaining: placesLeft(totals, reEntry) };
  if (kind === 'exit') {
    const scannedAtMs = Math.max(scan.scannedAtMs, state.lastEntryMs);
    return ok([{ type: 'PeopleExited', data: { ...data, scannedAtMs, counted: Math.min(count, state.counted) } }]);
  }
  const first = state.entered.length === 0;
  const admitted: PeopleAdmitted = { type: 'PeopleAdmitted', data: { ...data, counted: count, first, overLimit } };
  return ok(override === null ? [admitted] : [admitted, overriddenBy(override, admitted)]);
}

function overriddenBy({ by, reason }: Override, { data }: PeopleAdmitted): EntryLimitOverridden {
  const { ticketId, userId, parkId, visitDate, scanId, people } = data;
  const subjectId = userId ?? ticketId;
  return {
    type: 'EntryLimitOverridden',
    data: { ticketId, subjectId, parkId, visitDate, scanId, people, by, reason },
  };
}

/** Who comes in takes room of the day, who goes out gives it back. */
function transfersOf(event: AdmissionEvent): readonly Transfer[] {
  switch (event.type) {
    case 'PeopleAdmitted':
    case 'PeopleExited': {
      const { data } = event;
      const [room, inside] = [entryAccount(data, 'room'), entryAccount(data, 'inside')];
      if (data.counted === 0) return [];
      return event.type === 'PeopleExited'
        ? [{ from: inside, to: room, amount: data.counted }]
        : [{ from: room, to: inside, amount: data.counted, overdraws: event.data.overLimit }];
    }
    case 'EntryLimitOverridden':
    case 'AdmissionVoided':
      return [];
    default:
      return unreachable(event, 'admission event');
  }
}

const answered = (state: AdmissionState, passage: Passage): AdmissionState => ({
  ...state,
  scans: { ...state.scans, [passage.data.scanId]: scanResultOf(passage) },
});

/**
 * Who of one ticket's party came in and went out. Its stream is the one place where gates meet, so no place is inside
 * twice, and without re-entry none comes in twice. Dates, payment and cancellation are checked before (`gateRefusal`).
 */
export const admission: Decider<AdmissionCommand, AdmissionState, AdmissionEvent, AdmissionRefusal> = {
  aggregateType: 'Admission',
  initial: { entered: [], inside: [], counted: 0, lastEntryMs: 0, scans: {}, voided: false },
  decide,
  transfersOf,
  evolve(state, event) {
    switch (event.type) {
      case 'PeopleAdmitted': {
        const { places, counted, scannedAtMs } = event.data;
        return {
          ...answered(state, event),
          entered: join(state.entered, places),
          inside: join(state.inside, places),
          counted: state.counted + counted,
          lastEntryMs: Math.max(state.lastEntryMs, scannedAtMs),
        };
      }
      case 'PeopleExited': {
        const { places, counted } = event.data;
        return {
          ...answered(state, event),
          inside: without(state.inside, places),
          counted: state.counted - counted,
        };
      }
      case 'EntryLimitOverridden':
        return state;
      case 'AdmissionVoided':
        return { ...state, voided: true };
      default:
        return unreachable(event, 'admission event');
    }
  },
};
