import { Type } from 'typebox';
import { hasRoleAt, type Principal } from '../../../infrastructure/http/access.ts';
import { date, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Gatekeeper, GateTicket as GateTicketView } from '../application/gate-ticket.ts';

/** Roles that stand at a gate. */
export const GATE_ROLES = ['gate', 'manager', 'admin'] as const;

/** Roles that run a park. */
export const MANAGER_ROLES = ['manager', 'admin'] as const;

export const gatekeeperOf = (principal: Principal): Gatekeeper => ({
  actor: principal.actor,
  worksAt: (parkId) => hasRoleAt(principal, GATE_ROLES, parkId),
  manages: (parkId) => hasRoleAt(principal, MANAGER_ROLES, parkId),
});

export const GateTicket = Type.Object(
  {
    id: uuid(),
    qr_code: nullable(
      Type.String({ example: 'p3Vt0mXJ8QmYc1Zr4uKdWA', description: 'Null while `known_here` is false' }),
    ),
    status: oneOf(['pending_payment', 'active', 'used', 'expired', 'cancelled', 'refunded']),
    visit_date: date('Day of the visit in the time zone of the park'),
    park_id: Type.String({ example: 'ala-archa' }),
    people: Type.Integer({ description: 'Everybody of the party' }),
    remaining: Type.Integer({ description: 'How many of them may still come in' }),
    children: Type.Array(
      Type.Object({
        first_name: nullable(Type.String({ description: 'Null once the guest was erased' })),
        age_band: Type.String({ example: '3-6' }),
      }),
      { description: 'Empty for staff of another park' },
    ),
  },
  { $id: 'GateTicket', description: 'What a gate may see of a ticket' },
);

export const toGateTicket = (ticket: GateTicketView) => ({
  id: ticket.ticketId,
  qr_code: ticket.qrCode,
  status: ticket.status,
  visit_date: ticket.visitDate,
  park_id: ticket.parkId,
  people: ticket.people,
  remaining: ticket.remaining,
  children: ticket.children.map(({ firstName, ageBand }) => ({ first_name: firstName, age_band: ageBand })),
});

export const gateTicketExample = {
  id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  qr_code: 'p3Vt0mXJ8QmYc1Zr4uKdWA',
  status: 'used',
  visit_date: '2026-12-05',
  park_id: 'ala-archa',
  people: 4,
  remaining: 0,
  children: [
    { first_name: 'Aibek', age_band: '3-6' },
    { first_name: 'Ayana', age_band: '0-2' },
  ],
};
