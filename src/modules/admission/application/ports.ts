import type { LocalDate } from '../../../kernel/time.ts';
import type { ReEntry } from '../domain/admission.ts';
import type { TicketStanding } from '../domain/gate-check.ts';

/** A ticket as gates may see it: of the children a first name and an age band, nothing else. */
export type GateTicketFacts = TicketStanding & {
  readonly ticketId: string;
  readonly qrCode: string;
  /** Null for a ticket sold at the desk. */
  readonly userId: string | null;
  /** `firstName` is null once the guest was erased. */
  readonly children: readonly { readonly firstName: string | null; readonly ageBand: string }[];
};

/** Port: tickets as their seller knows them; null when there is no such ticket. */
export type Tickets = {
  byId(ticketId: string): Promise<GateTicketFacts | null>;
  byQrCode(qrCode: string): Promise<GateTicketFacts | null>;
};

/** Port: what a park has settled about its gates. */
export type GateRules = (parkId: string) => Promise<{ readonly timeZone: string; readonly reEntry: ReEntry }>;

/** Who of a ticket came in and went out so far. */
export type AdmissionRecord = {
  readonly ticketId: string;
  readonly entered: number;
  readonly inside: number;
  readonly firstAdmittedAtMs: number;
};

/** A scan that counted, with the answer it got. */
export type ScanRecord = {
  readonly scanId: string;
  readonly ticketId: string;
  readonly outcome: 'admitted' | 'exited';
  readonly people: number;
  readonly remaining: number;
};

/** Port: the read model of admissions. */
export type Admissions = {
  /** Null when nobody of the ticket has come in. */
  find(ticketId: string): Promise<AdmissionRecord | null>;
  findScan(scanId: string): Promise<ScanRecord | null>;
  /** People inside on the tickets of a date, park by park in the order asked. */
  inside(days: readonly { readonly parkId: string; readonly date: LocalDate }[]): Promise<readonly number[]>;
};
