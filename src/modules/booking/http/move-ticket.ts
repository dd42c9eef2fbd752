import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { date, uuid } from '../../../infrastructure/http/schemas.ts';
import type { MoveTicket } from '../application/move-ticket.ts';
import { isPassRefusal } from '../application/pass-visits.ts';
import type { Tickets } from '../application/ticket-view.ts';
import { passProblem, passProblems } from './pass-schema.ts';
import { Ticket, ticketExample, toTicket } from './ticket-schema.ts';

export const moveTicketRoute = (tickets: Tickets, moveTicket: MoveTicket) =>
  defineRoute({
    method: 'POST',
    path: '/tickets/:id/move',
    operationId: 'moveTicket',
    summary: 'Move one of your tickets to another day',
    description:
      'Once, until the day before the visit. The party is priced anew: a promo code that does not count on the new day is given back, points beyond half of the new price come back, and what the new day costs less goes back. A day that costs more answers with a `pending_move`: its places are held until `expires_at`, `POST /payments` for the ticket asks for `amount_due`, and with that money the ticket moves. Unpaid, the ticket stays as it was. Where the park has a node of its own, that is asked whether somebody came in on the old day: as long as the ticket is `leaving` that day, nothing goes back.',
    tag: 'tickets',
    access: { kind: 'user' },
    idempotency: 'optional',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({ visit_date: date('The new day, in the time zone of the park') }),
    bodyExample: { visit_date: '2026-12-06' },
    responses: {
      200: {
        description:
          'The ticket, with a new admission code; codes of the old day let nobody in. Or with a `pending_move`',
        schema: Ticket,
        example: { ...ticketExample, visit_date: '2026-12-06', moved_from: '2026-12-05' },
      },
    },
    problems: [
      ...passProblems,
      'ticket_not_found',
      'ticket_not_movable',
      'already_moved',
      'too_late_to_move',
      'move_in_progress',
      'park_not_found',
      'park_closed',
      'date_not_bookable',
      'park_at_capacity',
    ],
    async handle({ params, body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const request = { ticketId: params.id, userId: principal.userId, visitDate: body.visit_date };
      const moved = await moveTicket(request, meta);
      if (moved.ok) {
        const found = await tickets.find(params.id);
        return found === null ? problem('ticket_not_found') : { status: 200, body: toTicket(found) };
      }
      const { refusal } = moved;
      if (isPassRefusal(refusal)) return passProblem(refusal);
      switch (refusal.code) {
        case 'move_in_progress':
          return problem('move_in_progress', { extra: { expires_at: toInstant(refusal.expiresAtMs) } });
        case 'ticket_not_movable':
          return problem('ticket_not_movable', { extra: { ticket_status: refusal.status } });
        case 'park_at_capacity':
          return problem('park_at_capacity', { extra: { remaining: refusal.remaining } });
        case 'date_not_bookable':
          return problem('date_not_bookable', { extra: { bookable_from: refusal.from, bookable_to: refusal.to } });
        default:
          return problem(refusal.code);
      }
    },
  });
