import { Type } from 'typebox';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { CancelTicket } from '../application/cancel-ticket.ts';
import type { Tickets } from '../application/ticket-view.ts';
import { cancelProblem, cancelProblems } from './cancel-problem.ts';
import { Ticket, ticketExample, toTicket } from './ticket-schema.ts';

const ROLES = ['manager', 'admin'] as const;

export const cancelTicketAsStaffRoute = (tickets: Tickets, cancelTicket: CancelTicket) =>
  defineRoute({
    method: 'POST',
    path: '/admin/tickets/:id/cancel',
    operationId: 'cancelTicketAsStaff',
    summary: 'Cancel a ticket of your park',
    description:
      'Also on the day of the visit, as long as nobody of the party came in. With `override` also a ticket that was used or whose day is over; its places are not sold again. ' +
      'Where the park keeps its gates itself, the ticket stays as it is, with `refund.status` `requested`, until they have answered; a ticket that its desk sold is cancelled at the park’s own node, which answers `not_home` for all others, as headquarters does for that one.',
    tag: 'staff',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: ROLES, parkFrom: 'resource' },
    stepUp: 'none',
    idempotency: 'optional',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({ reason: text(500), override: Type.Optional(Type.Boolean()) }),
    bodyExample: { reason: 'The slide is broken' },
    responses: {
      200: { description: 'The cancelled ticket', schema: Ticket, example: { ...ticketExample, status: 'cancelled' } },
    },
    problems: cancelProblems,
    async handle({ params, body, principal, correlationId, commandId }) {
      const before = await tickets.find(params.id);
      if (before === null || !hasRoleAt(principal, ROLES, before.parkId)) return problem('ticket_not_found');
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const why = body.override === true ? 'override' : 'staff';
      const done = await cancelTicket({ ticketId: params.id, why, userId: null, reason: body.reason }, meta);
      if (!done.ok) return cancelProblem(done.refusal);
      const found = await tickets.find(params.id);
      return found === null ? problem('ticket_not_found') : { status: 200, body: toTicket(found) };
    },
  });
