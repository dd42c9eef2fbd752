import type { LocalDate } from '../../../kernel/time.ts';
import type { AdmissionVoided, VoidDenied } from '../contract.ts';
import type { Entry, IncidentFacts } from './incident.ts';

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
  /** Whether they come in although the park is full, or go out although by the counters of the day nobody is in: another node has let them in. */
  readonly overLimit: boolean;
  /** Who lets them in over the limit, and why; null when nobody decided so. */
  readonly override: Override | null;
  /** A gate that was cut off has let them pass already, so nothing can be refused; absent when the gate asks. */
  readonly offline?: PassedOffline;
};

/** What an entry needs to be written down all the same. Of an exit as many count as were inside. */
export type PassedOffline = {
  /** The ticket was cancelled, or moved to another day, by the time its scan arrived: it was good for nobody. */
  readonly endedAs: 'cancelled' | 'revoked' | null;
  /** One for each place of the party. */
  readonly incidentIds: readonly string[];
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
  /** How many are inside, those among them who came in beyond the party. */
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

/**
 * A gate that was cut off let in more people than the ticket was good for. Those for whom it was good are a `PeopleAdmitted`
 * of the same scan.
 */
export type PeopleAdmittedInExcess = {
  readonly type: 'PeopleAdmittedInExcess';
  readonly data: Omit<PassageData, 'places'> & {
    /** All who came in by the scan; `people` are those in excess. */
    readonly cameIn: number;
    /** The park was full, or might have been. */
    readonly overLimit: boolean;
    readonly outcome: ExcessOutcome;
    /** The incident that the scan belongs to, or brought about. */
    readonly incidentId: string;
    /** All of the ticket, as they are now. */
    readonly incidents: readonly IncidentFacts[];
  };
};

/**
 * Two lives of one log let people in by the same ticket, neither knowing of the other. When both are known, the node that goes on with the log
 * counts who came and went in the order of their scans; this is what there is from then on.
 */
export type AdmissionRecounted = {
  readonly type: 'AdmissionRecounted';
  readonly data: ScannedTicket & {
    /** The last of the scans that were counted. */
    readonly scanId: string;
    readonly scannedAtMs: number;
    readonly entered: number;
    readonly inside: number;
    readonly remaining: number;
    /** How many came in beyond what the ticket was good for, those among them of whom that was told before. */
    readonly excess: number;
    /** All of the ticket, as they are now. */
    readonly incidents: readonly IncidentFacts[];
    readonly nodeId: string;
    readonly recountedAtMs: number;
  };
};

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

/** A gate that was cut off let people in although the park was full, which it could not know. */
export type EntryLimitExceeded = {
  readonly type: 'EntryLimitExceeded';
  readonly data: {
    readonly ticketId: string;
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly scanId: string;
    /** All who came in by the scan. */
    readonly people: number;
    readonly gate: string;
    readonly scannedAtMs: number;
  };
};

export type AdmissionEvent =
  | Passage
  | PeopleAdmittedInExcess
  | AdmissionRecounted
  | EntryLimitOverridden
  | EntryLimitExceeded
  | AdmissionVoided
  | VoidDenied;

/** The ticket was voided, also for this day alone, nobody is left who could pass, or fewer than asked for. Nobody passes then. */
export type AdmissionRefusal = {
  readonly code: 'cancelled' | 'revoked' | 'already_used' | 'partly_used';
  readonly remaining: number;
};

/** What a ticket was when people came in by it in excess; `revoked`: it had been moved to another day. */
type ExcessOutcome = AdmissionRefusal['code'];

/** What a scan that counted came to; it stays the answer to that scan. */
export type ScanResult = {
  readonly outcome: 'admitted' | 'exited' | ExcessOutcome;
  readonly people: number;
  readonly remaining: number;
  /** Null unless people came in whom nobody should have let in. */
  readonly incidentId: string | null;
};

/** All who came in by one scan, whatever lives of the log have told of it. */
export type CountedEntry = Entry & {
  /** How many of them were told of as in excess. */
  readonly inExcess: number;
  /** The day for which their ticket was good by the code. */
  readonly day: LocalDate;
};

/** People who went out by one scan. */
export type Leaving = Omit<Entry, 'gate'>;

/** Nobody comes in any more, for good or, as the ticket was moved, on a day; whoever is inside may go out. */
export type End = {
  /** Null: for good. */
  readonly day: LocalDate | null;
  /** How many were known to have come in by then; any at all only where a manager insisted. */
  readonly entered: number;
};

export type AdmissionState = {
  /** Places that have ever come in, and those inside now; ascending. */
  readonly entered: readonly number[];
  readonly inside: readonly number[];
  /** By which scans people came in, as they arrived; and how many of them in excess, ever and inside now. */
  readonly entries: readonly CountedEntry[];
  /** By which they went out. */
  readonly exits: readonly Leaving[];
  readonly excess: number;
  readonly excessInside: number;
  /** The day that the party came in on, which is the only one it comes in on; null before. */
  readonly usedOn: LocalDate | null;
  /** How many came in on each day beyond what the ticket was good for. */
  readonly excessOn: Readonly<Record<LocalDate, number>>;
  /** The last day on which people came in, how many of those inside its counters know of; null before anybody came in. */
  readonly day: LocalDate | null;
  readonly counted: number;
  /** 0 before anybody came in. */
  readonly lastEntryMs: number;
  readonly scans: Readonly<Record<string, ScanResult>>;
  readonly ends: readonly End[];
  /** Questions of headquarters that have their answer. */
  readonly answeredVoids: readonly string[];
};
