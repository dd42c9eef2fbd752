import type { ReEntry } from '../domain/admission-messages.ts';
import { placesLeft } from '../domain/admission.ts';
import type { TicketStanding } from '../domain/gate-check.ts';
import type { AdmissionRecord, GateTicketFacts } from './ports.ts';

/** What a gate shows of a ticket. */
export type GateTicket = {
  readonly ticketId: string;
  /** Null while this node knows of the ticket by its signed code alone. */
  readonly qrCode: string | null;
  readonly status: TicketStanding['status'];
  readonly visitDate: string;
  readonly parkId: string;
  /** Everybody of the party. */
  readonly people: number;
  /** Who may still come in. */
  readonly remaining: number;
  readonly children: GateTicketFacts['children'];
};

/** Who looks at a ticket. */
export type Gatekeeper = {
  /** As the log names them. */
  readonly actor: string;
  worksAt(parkId: string): boolean;
  /** Whether their word may go against the park's limit. */
  manages(parkId: string): boolean;
};

/** What the gates know of a ticket before its seller does. */
type Seen = {
  /** Whether anybody of the party has come in. */
  readonly used: boolean;
  readonly voided?: boolean;
  readonly remaining: number;
};

const statusOf = ({ status }: GateTicketFacts, { used, voided }: Seen): GateTicket['status'] => {
  if (status === 'active' || status === 'used') return voided ? 'cancelled' : used ? 'used' : status;
  return status;
};

export function gateTicketOf(ticket: GateTicketFacts, seen: Seen, gatekeeper: Gatekeeper): GateTicket {
  const { ticketId, qrCode, visitDate, parkId, partySize } = ticket;
  return {
    ticketId,
    qrCode,
    status: statusOf(ticket, seen),
    visitDate,
    parkId,
    people: partySize,
    remaining: seen.remaining,
    // The staff of another park send the party on; who the children are is not for them.
    children: gatekeeper.worksAt(parkId) ? ticket.children : [],
  };
}

/** Who may still come in by the read model. */
export const remainingOf = (ticket: GateTicketFacts, record: AdmissionRecord | null, reEntry: ReEntry): number =>
  placesLeft({ partySize: ticket.partySize, entered: record?.entered ?? 0, inside: record?.inside ?? 0 }, reEntry);
