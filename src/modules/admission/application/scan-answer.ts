import type { ScanRecord } from '../domain/first-answer.ts';
import { gateTicketOf, type Gatekeeper, type GateTicket } from './gate-ticket.ts';
import type { Admissions, GateTicketFacts, Tickets } from './ports.ts';

export type Scan = {
  /** UUID that the gate gave this scan; told again, the scan gets its first answer. */
  readonly scanId: string;
  /** An admission code; on the way out also a `qr_code`. */
  readonly code: string;
  readonly direction: 'in' | 'out';
  /** Absent: everybody who can. */
  readonly people: number | undefined;
  /** When it was scanned by the clock of the gate. */
  readonly saidAtMs: number;
  readonly gate: string;
  /** A manager lets them in although the park is full; null when nobody insists. */
  readonly override: { readonly reason: string } | null;
  /** The gate was cut off and has let them in already; `people` says how many. */
  readonly decidedOffline: boolean;
};

export type ScanAnswer = Omit<ScanRecord, 'ticketId' | 'outcome'> & {
  /** `not_home`: another node serves its gates, and nothing was decided here. */
  readonly outcome: ScanRecord['outcome'] | 'not_home';
  /** Whether this scan was answered before and this is its first answer again. */
  readonly repeated: boolean;
  /** False: this node was not told of the ticket yet, or of its payment or its new day, and goes by the signed code. */
  readonly knownHere: boolean;
  /** As it is now, with who remained at the first answer. */
  readonly ticket: GateTicket | null;
  /** When and where the first of the party came in, of a ticket by which nobody, or not so many, may come in any more; else null. */
  readonly firstAdmitted: { readonly atMs: number; readonly gate: string } | null;
};

type Answered = {
  readonly record: ScanRecord;
  readonly repeated: boolean;
  /** What the code led to this time; the ticket of the first answer may be another. */
  readonly ticket: GateTicketFacts | null;
};

/** Tells a gate what its scan came to. */
export type ShowAnswer = (answered: Answered, gatekeeper: Gatekeeper) => Promise<ScanAnswer>;

type Dependencies = { readonly tickets: Tickets; readonly admissions: Admissions };

const NOTHING: Pick<ScanAnswer, 'ticket' | 'firstAdmitted'> = { ticket: null, firstAdmitted: null };

export function createShowAnswer({ tickets, admissions }: Dependencies): ShowAnswer {
  async function shown({ record, ticket }: Answered, gatekeeper: Gatekeeper) {
    const { ticketId, outcome, remaining } = record;
    if (ticketId === null) return NOTHING;
    const facts = ticket?.ticketId === ticketId ? ticket : await tickets.byId(ticketId);
    if (facts === null) return NOTHING;
    const counted = outcome === 'admitted' || outcome === 'exited';
    const came = counted ? null : await admissions.find(ticketId);
    const seen = { used: counted || came !== null, voided: outcome === 'cancelled', remaining };
    const isSpent = outcome === 'already_used' || outcome === 'partly_used';
    const firstAdmitted = isSpent && came !== null ? { atMs: came.firstAdmittedAtMs, gate: came.firstGate } : null;
    return { ticket: gateTicketOf(facts, seen, gatekeeper), firstAdmitted };
  }

  return async (answered, gatekeeper) => {
    const { ticketId: _ticketId, ...answer } = answered.record;
    const knownHere = answered.ticket?.knownHere ?? true;
    return { ...answer, repeated: answered.repeated, knownHere, ...(await shown(answered, gatekeeper)) };
  };
}
