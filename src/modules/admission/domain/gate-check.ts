import { MS_A_DAY, type LocalDate } from '../../../kernel/time.ts';
import type { AdmissionClaims } from './admission-code.ts';

/** What a ticket's standing is outside of the gates. */
export type TicketStanding = {
  readonly parkId: string;
  readonly visitDate: LocalDate;
  /** The day that it was moved from, which happens once; null before. */
  readonly movedFrom: LocalDate | null;
  /** That day, while nobody has said for good that nobody comes in on it; else null. */
  readonly leaving: { readonly visitDate: LocalDate } | null;
  readonly partySize: number;
  readonly status: 'pending_payment' | 'active' | 'used' | 'expired' | 'cancelled' | 'refunded';
  /** Whether it was paid, or costs nothing; what nobody paid for may be `expired` too. */
  readonly isPaid: boolean;
  /** First and last moment of entry, ms since 1970. */
  readonly validFromMs: number;
  readonly validUntilMs: number;
};

export type GateView = {
  /** Whether the gate stands in the ticket's park. */
  readonly rightPark: boolean;
  /** What the scanned admission code says; null when the ticket was found by its `qr_code`. */
  readonly claims: AdmissionClaims | null;
  readonly scannedAtMs: number;
  /** When the scan arrived. */
  readonly nowMs: number;
  /** The date on the wall of the ticket's park at the scan. */
  readonly scanDate: LocalDate;
};

export type GateRefusal = 'revoked' | 'wrong_park' | 'wrong_date' | 'cancelled' | 'not_paid' | 'expired';

/**
 * A scan that was made longer ago counts no more. Gates that were cut off bring theirs within days, and nobody is let in on
 * the ticket of an old day by a gate that says that it is still that day.
 */
export const LATEST_ARRIVAL_MS = 7 * MS_A_DAY;

/** A code that says something else than the ticket now does was written before the ticket changed. */
const outdated = (claims: AdmissionClaims, ticket: TicketStanding): boolean =>
  claims.parkId !== ticket.parkId || claims.visitDate !== ticket.visitDate || claims.partySize !== ticket.partySize;

/**
 * What a truly signed code tells of its ticket that this node has not heard: a code is signed once the ticket is paid, and anew when it
 * is moved, which happens once. So it proves the payment, and a day that is not the one it was moved from is the newer one. Null
 * when the code tells nothing new.
 */
export function newsIn(claims: AdmissionClaims, ticket: TicketStanding): Partial<TicketStanding> | null {
  const { parkId, visitDate, partySize, validFromMs, validUntilMs } = claims;
  if (parkId !== ticket.parkId || partySize !== ticket.partySize || visitDate === ticket.movedFrom) return null;
  const isUnpaid = ticket.status === 'pending_payment' || (ticket.status === 'expired' && !ticket.isPaid);
  const isMoved = visitDate !== ticket.visitDate;
  if (!isUnpaid && !isMoved) return null;
  return {
    ...(isUnpaid ? { status: 'active', isPaid: true } : {}),
    ...(isMoved ? { visitDate, movedFrom: ticket.visitDate, validFromMs, validUntilMs } : {}),
  };
}

/** On which day a gate that was cut off let in by a code: the code's, although the ticket may have been moved since. */
export const dayAtGate = (ticket: Pick<TicketStanding, 'visitDate'>, claims: AdmissionClaims | null): LocalDate =>
  claims?.visitDate ?? ticket.visitDate;

/**
 * Why a ticket was good for nobody whom a gate that was cut off has let in by it; null when it was. Their time decides nothing: it is
 * that of a clock that may be wrong, and they are in. A day that the ticket is leaving is good until the gates have said otherwise.
 */
export function endedOffline(ticket: TicketStanding, claims: AdmissionClaims | null): 'cancelled' | 'revoked' | null {
  const { leaving } = ticket;
  const asThen = leaving !== null && claims?.visitDate === leaving.visitDate ? { ...ticket, ...leaving } : ticket;
  if (claims !== null && outdated(claims, asThen)) return 'revoked';
  return ticket.status === 'cancelled' || ticket.status === 'refunded' ? 'cancelled' : null;
}

/** Why nobody of this ticket comes in at this gate now, by the first reason that holds; null when they may. */
export function gateRefusal(ticket: TicketStanding, view: GateView): GateRefusal | null {
  const { claims, scannedAtMs, nowMs } = view;
  if (claims !== null && outdated(claims, ticket)) return 'revoked';
  if (!view.rightPark) return 'wrong_park';
  const late = scannedAtMs > ticket.validUntilMs;
  if (scannedAtMs < ticket.validFromMs || (late && view.scanDate !== ticket.visitDate)) return 'wrong_date';
  if (ticket.status === 'cancelled' || ticket.status === 'refunded') return 'cancelled';
  if (ticket.status === 'pending_payment') return 'not_paid';
  if (ticket.status === 'expired' || late || nowMs - scannedAtMs > LATEST_ARRIVAL_MS) return 'expired';
  return null;
}
