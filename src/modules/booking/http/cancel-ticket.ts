import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { CancelTicket } from '../application/cancel-ticket.ts';
import type { Tickets } from '../application/ticket-view.ts';
import { cancelProblem, cancelProblems } from './cancel-problem.ts';
import { Ticket, ticketExample, toTicket } from './ticket-schema.ts';

export const cancelTicketRoute = (tickets: Tickets, cancelTicket: CancelTicket) =>
  defineRoute({
    method: 'POST',
    path: '/tickets/:id/cancel',
    operationId: 'cancelTicket',
    summary: 'Cancel one of your tickets',
    description:
      'Until the day before the visit; all that was paid goes back. An unpaid ticket ends at once. A ticket that is cancelled already is answered as it is. ' +
      'Where the park keeps its gates itself, the ticket stays as it is, with `refund.status` `requested`, until they have ended it or said that somebody came in (`denied_used`).',
    tag: 'tickets',
    access: { kind: 'user' },
    idempotency: 'optional',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({ reason: Type.Optional(text(500)) }),
    bodyExample: { reason: 'The child is ill' },
    responses: {
      200: { description: 'The cancelled ticket', schema: Ticket, example: { ...ticketExample, status: 'cancelled' } },
    },
    problems: cancelProblems,
    async handle({ params, body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const request = { ticketId: params.id, why: 'guest', userId: principal.userId } as const;
      const done = await cancelTicket({ ...request, reason: body.reason ?? null }, meta);
      if (!done.ok) return cancelProblem(done.refusal);
      const found = await tickets.find(params.id);
      return found === null ? problem('ticket_not_found') : { status: 200, body: toTicket(found) };
    },
  });
