import type { AdmissionRefusal, ReEntry, ScanResult } from '../domain/admission.ts';
import type { GateRefusal } from '../domain/gate-check.ts';
import { gateTicketOf, remainingOf, type Gatekeeper, type GateTicket } from './gate-ticket.ts';
import type { Admissions, GateTicketFacts, Tickets } from './ports.ts';

export type Scan = {
  /** UUID that the gate gave this scan; told again, the scan gets its first answer. */
  readonly scanId: string;
  /** An admission code or a `qr_code`. */
  readonly code: string;
  readonly direction: 'in' | 'out';
  /** Absent: everybody who can. */
  readonly people: number | undefined;
  readonly scannedAtMs: number;
  readonly gate: string;
};

export type ScanOutcome = ScanResult['outcome'] | AdmissionRefusal['code'] | GateRefusal | 'bad_signature' | 'unknown';

export type ScanAnswer = {
  readonly scanId: string;
  readonly outcome: ScanOutcome;
  /** How many came in, or went out. */
  readonly people: number;
  readonly remaining: number;
  /** Whether this scan counted before and this is its first answer again. */
  readonly repeated: boolean;
  readonly ticket: GateTicket | null;
};

type OnTicket = { readonly ticket: GateTicketFacts; readonly reEntry: ReEntry };

/**
 * The answer to a scan that does not count now. If the scan has counted before, its first answer stands, whatever became
 * of the ticket since and whatever was held before the scanner this time.
 * @param on the ticket that was refused, if one was found
 */
export type RefuseScan = (
  scan: Scan,
  outcome: ScanOutcome,
  on: OnTicket | null,
  gatekeeper: Gatekeeper,
) => Promise<ScanAnswer>;

export function createRefuseScan(tickets: Tickets, admissions: Admissions): RefuseScan {
  async function firstAnswer(scanId: string, gatekeeper: Gatekeeper): Promise<ScanAnswer | null> {
    const known = await admissions.findScan(scanId);
    if (known === null) return null;
    const { ticketId, outcome, people, remaining } = known;
    const ticket = await tickets.byId(ticketId);
    const shown = ticket === null ? null : gateTicketOf(ticket, { used: true, remaining }, gatekeeper);
    return { scanId, outcome, people, remaining, repeated: true, ticket: shown };
  }

  return async ({ scanId }, outcome, on, gatekeeper) => {
    const first = await firstAnswer(scanId, gatekeeper);
    if (first !== null) return first;
    const answer = { scanId, outcome, people: 0, repeated: false };
    if (on === null) return { ...answer, remaining: 0, ticket: null };
    const record = await admissions.find(on.ticket.ticketId);
    const remaining = remainingOf(on.ticket, record, on.reEntry);
    return { ...answer, remaining, ticket: gateTicketOf(on.ticket, { used: record !== null, remaining }, gatekeeper) };
  };
}
