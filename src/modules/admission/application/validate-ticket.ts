import type { Clock, Zone } from '../../../kernel/time.ts';
import { gateRefusal, type GateRefusal } from '../domain/gate-check.ts';
import type { FindTicket } from './find-ticket.ts';
import { gateTicketOf, remainingOf, type Gatekeeper, type GateTicket } from './gate-ticket.ts';
import type { Admissions, GateRules, HomeOf, PeopleInside } from './ports.ts';

export type Validation = {
  /** Why nobody would come in now; null when somebody would. `not_home`: only the node that serves its gates knows. */
  readonly reason: GateRefusal | 'bad_signature' | 'already_used' | 'park_full' | 'not_home' | null;
  /** Null when the code proves nothing, or is for another park whose tickets this node does not know. */
  readonly ticket: GateTicket | null;
};

/** What a scan of a ticket's signed code would come to now. Changes nothing; null when there is no such ticket. */
export type ValidateTicket = (code: string, gatekeeper: Gatekeeper) => Promise<Validation | null>;

type Dependencies = {
  readonly findTicket: FindTicket;
  readonly admissions: Admissions;
  readonly gateRules: GateRules;
  readonly peopleInside: PeopleInside;
  readonly homeOf: HomeOf;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly zone: Zone;
};

export function createValidateTicket(dependencies: Dependencies): ValidateTicket {
  const { findTicket, admissions, gateRules, peopleInside, homeOf, nodeId, clock, zone } = dependencies;
  return async (code, gatekeeper) => {
    const found = await findTicket(code, 'any');
    if (found.kind === 'bad_signature' || found.kind === 'wrong_park') return { reason: found.kind, ticket: null };
    if (found.kind !== 'ticket') return null;
    const { ticket, claims } = found;
    const [rules, record, [inside = 0], home] = await Promise.all([
      gateRules(ticket.parkId),
      admissions.find(ticket.ticketId),
      peopleInside([ticket]),
      homeOf(ticket.parkId, ticket.visitDate),
    ]);
    const scannedAtMs = clock.now();
    const refusal = gateRefusal(ticket, {
      rightPark: gatekeeper.worksAt(ticket.parkId),
      claims,
      scannedAtMs,
      nowMs: scannedAtMs,
      scanDate: zone.dateAt(scannedAtMs, rules.timeZone),
    });
    const remaining = remainingOf(ticket, record, rules.reEntry);
    const fullOrUsed = remaining === 0 ? 'already_used' : inside >= rules.capacity ? 'park_full' : null;
    return {
      reason: refusal ?? (home === nodeId ? fullOrUsed : 'not_home'),
      ticket: gateTicketOf(ticket, { used: record !== null, remaining }, gatekeeper),
    };
  };
}
