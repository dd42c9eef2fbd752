import { SHORTEST_CODE, type AdmissionClaims } from '../domain/admission-code.ts';
import { newsIn } from '../domain/gate-check.ts';
import type { ReadAdmissionCode } from './admission-codes.ts';
import type { GateTicketFacts, Tickets } from './ports.ts';

/**
 * What a scanned text turned out to be. `claims` is null when the ticket was found by its `qr_code`. `wrong_park`: a good code, at the
 * node of another park, which knows nothing of the ticket.
 */
export type FoundTicket =
  | { readonly kind: 'ticket'; readonly ticket: GateTicketFacts; readonly claims: AdmissionClaims | null }
  | { readonly kind: 'bad_signature' | 'unknown' | 'wrong_park' };

/**
 * @param accepts `signed`: an admission code alone; `let_in`: the same, of a gate that was cut off and has let in by it, whatever became
 * of the ticket; `any`: also a `qr_code`, which proves nothing.
 */
export type FindTicket = (code: string, accepts: 'signed' | 'let_in' | 'any') => Promise<FoundTicket>;

/** Not known here, such as one sold while the park could not be told: what the signed code says is all there is, and it is enough. */
const bySignatureAlone = ({ ticketId, parkId, visitDate, partySize, ...valid }: AdmissionClaims): GateTicketFacts => ({
  ticketId,
  qrCode: null,
  userId: null,
  parkId,
  visitDate,
  partySize,
  movedFrom: null,
  leaving: null,
  status: 'active',
  isPaid: true,
  createdAtMs: 0,
  children: [],
  knownHere: false,
  ...valid,
});

/** A ticket as its node knows it, and as its code says where that is newer. */
function withCode(ticket: GateTicketFacts, claims: AdmissionClaims | null): GateTicketFacts {
  const news = claims === null ? null : newsIn(claims, ticket);
  return news === null ? ticket : { ...ticket, ...news, knownHere: false };
}

/** @param ownParkId the park whose node this is; null at headquarters, which knows every ticket there is. */
export const createFindTicket =
  (readCode: ReadAdmissionCode, tickets: Tickets, ownParkId: string | null): FindTicket =>
  async (code, accepts) => {
    // A `qr_code` is far shorter than anything signed.
    const isSigned = code.length >= SHORTEST_CODE;
    const claims = isSigned ? await readCode(code) : null;
    if (claims === null && (isSigned || accepts !== 'any')) return { kind: 'bad_signature' };
    const ticket = claims === null ? await tickets.byQrCode(code) : await tickets.byId(claims.ticketId);
    if (ticket !== null) return { kind: 'ticket', ticket: withCode(ticket, claims), claims };
    if (claims === null || (ownParkId === null && accepts !== 'let_in')) return { kind: 'unknown' };
    return ownParkId === null || claims.parkId === ownParkId
      ? { kind: 'ticket', ticket: bySignatureAlone(claims), claims }
      : { kind: 'wrong_park' };
  };
