import { SHORTEST_CODE, type AdmissionClaims } from '../domain/admission-code.ts';
import type { ReadAdmissionCode } from './admission-codes.ts';
import type { GateTicketFacts, Tickets } from './ports.ts';

/** What was held before the scanner turned out to be. `claims` is null when it was a `qr_code`. */
export type FoundTicket =
  | { readonly kind: 'ticket'; readonly ticket: GateTicketFacts; readonly claims: AdmissionClaims | null }
  | { readonly kind: 'bad_signature' | 'unknown' };

/** Finds the tickets of scanned texts, in their order, with one question for all admission codes. */
export type FindTickets = (codes: readonly string[]) => Promise<readonly FoundTicket[]>;

type Read =
  | { readonly kind: 'claims'; readonly claims: AdmissionClaims }
  | { readonly kind: 'qr_code'; readonly ticket: GateTicketFacts | null }
  | { readonly kind: 'bad_signature' };

export function createFindTickets(readCode: ReadAdmissionCode, tickets: Tickets): FindTickets {
  async function read(code: string): Promise<Read> {
    // The codes of tickets are far shorter than signed ones.
    if (code.length < SHORTEST_CODE) return { kind: 'qr_code', ticket: await tickets.byQrCode(code) };
    const claims = await readCode(code);
    return claims === null ? { kind: 'bad_signature' } : { kind: 'claims', claims };
  }

  return async (codes) => {
    const all = await Promise.all(codes.map(read));
    const ids = new Set(all.flatMap((one) => (one.kind === 'claims' ? [one.claims.ticketId] : [])));
    const found = ids.size === 0 ? [] : await tickets.byIds([...ids]);
    const byId = new Map(found.map((ticket) => [ticket.ticketId, ticket]));
    return all.map((one): FoundTicket => {
      if (one.kind === 'bad_signature') return one;
      const claims = one.kind === 'claims' ? one.claims : null;
      const ticket = one.kind === 'claims' ? byId.get(one.claims.ticketId) : one.ticket;
      return ticket === undefined || ticket === null ? { kind: 'unknown' } : { kind: 'ticket', ticket, claims };
    });
  };
}
