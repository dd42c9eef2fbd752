import { MS_A_DAY, type LocalDate } from '../../../kernel/time.ts';
import type { AdmissionClaims } from './admission-code.ts';

/** What a ticket's standing is outside of the gates. */
export type TicketStanding = {
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly partySize: number;
  readonly status: 'pending_payment' | 'active' | 'used' | 'expired' | 'cancelled' | 'refunded';
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
 * What a ticket was to a gate that was cut off: active, as long as it was paid, and on the day of its code, although it may have
 * been moved since.
 */
export function standingOffline(ticket: TicketStanding, claims: AdmissionClaims | null): TicketStanding {
  const paid = ticket.status === 'pending_payment' ? ticket : { ...ticket, status: 'active' as const };
  if (claims === null) return paid;
  const { visitDate, validFromMs, validUntilMs } = claims;
  return visitDate === ticket.visitDate ? paid : { ...paid, visitDate, validFromMs, validUntilMs };
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
