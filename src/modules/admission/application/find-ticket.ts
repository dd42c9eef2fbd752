import { SHORTEST_CODE, type AdmissionClaims } from '../domain/admission-code.ts';
import type { ReadAdmissionCode } from './admission-codes.ts';
import type { GateTicketFacts, Tickets } from './ports.ts';

/** What a scanned text turned out to be. `claims` is null when the ticket was found by its `qr_code`. */
export type FoundTicket =
  | { readonly kind: 'ticket'; readonly ticket: GateTicketFacts; readonly claims: AdmissionClaims | null }
  | { readonly kind: 'bad_signature' | 'unknown' };

/** @param accepts `signed`: an admission code alone; `any`: also a `qr_code`, which proves nothing. */
export type FindTicket = (code: string, accepts: 'signed' | 'any') => Promise<FoundTicket>;

export const createFindTicket =
  (readCode: ReadAdmissionCode, tickets: Tickets): FindTicket =>
  async (code, accepts) => {
    // A `qr_code` is far shorter than anything signed.
    const isSigned = code.length >= SHORTEST_CODE;
    const claims = isSigned ? await readCode(code) : null;
    if (claims === null && (isSigned || accepts === 'signed')) return { kind: 'bad_signature' };
    const ticket = claims === null ? await tickets.byQrCode(code) : await tickets.byId(claims.ticketId);
    return ticket === null ? { kind: 'unknown' } : { kind: 'ticket', ticket, claims };
  };
