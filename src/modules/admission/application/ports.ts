import type { LocalDate } from '../../../kernel/time.ts';
import type { ReEntry } from '../domain/admission-messages.ts';
import type { GateDay } from '../domain/entry-limit.ts';
import type { ScanRecord } from '../domain/first-answer.ts';
import type { TicketStanding } from '../domain/gate-check.ts';

/** A ticket as gates may see it: of the children a first name and an age band, nothing else. */
export type GateTicketFacts = TicketStanding & {
  readonly ticketId: string;
  /** Null while only the signed code is known. */
  readonly qrCode: string | null;
  /** False while this node was not told of the ticket, or of what became of it, and goes by the signed code. */
  readonly knownHere?: false;
  /** Null for a ticket sold at the desk. */
  readonly userId: string | null;
  /** When the ticket was made; nobody can have scanned it before. */
  readonly createdAtMs: number;
  /** `firstName` is null once the guest was erased. */
  readonly children: readonly { readonly firstName: string | null; readonly ageBand: string }[];
};

/** Port: tickets as their seller knows them; null when there is no such ticket. */
export type Tickets = {
  byId(ticketId: string): Promise<GateTicketFacts | null>;
  byQrCode(qrCode: string): Promise<GateTicketFacts | null>;
};

/** Port: what a park has settled about its gates. */
export type GateRules = (parkId: string) => Promise<{
  readonly timeZone: string;
  readonly reEntry: ReEntry;
  /** Most people inside at once. */
  readonly capacity: number;
}>;

/** Who of a ticket came in and went out so far. */
export type AdmissionRecord = {
  readonly ticketId: string;
  readonly entered: number;
  readonly inside: number;
  readonly firstAdmittedAtMs: number;
  /** Where that was. */
  readonly firstGate: string;
};

/** Port: the read model of admissions and scans. */
export type Admissions = {
  /** Null when nobody of the ticket has come in. */
  find(ticketId: string): Promise<AdmissionRecord | null>;
  /** The first answer to a scan; null when it had none yet. */
  findScan(scanId: string): Promise<ScanRecord | null>;
};

/** Port: the node that serves the gates of a park on a day. */
export type HomeOf = (parkId: string, date: LocalDate) => Promise<string>;

/** Port: the same, and the nodes that the park has had, those that were revoked among them. */
export type GatesOf = (
  parkId: string,
  date: LocalDate,
) => Promise<{ readonly home: string; readonly nodes: readonly string[] }>;

/** Port: the nodes that serve the gates of a park, by the days from which they do, rising. */
export type HomesOf = (parkId: string) => Promise<readonly { readonly fromDate: LocalDate; readonly nodeId: string }[]>;

/** Port: when the gates of a day let nobody in any more, in ms since 1970; null when there is no such park. */
export type ClosingOf = (parkId: string, date: LocalDate) => Promise<number | null>;

/** Port: people inside on the tickets of each day, in the order asked. */
export type PeopleInside = (days: readonly GateDay[]) => Promise<readonly number[]>;
