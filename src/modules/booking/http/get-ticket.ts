import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { Tickets } from '../application/ticket-view.ts';
import { Ticket, ticketExample, toTicket } from './ticket-schema.ts';

export const getTicketRoute = (tickets: Tickets) =>
  defineRoute({
    method: 'GET',
    path: '/tickets/:id',
    operationId: 'getTicket',
    summary: 'One of your tickets',
    tag: 'tickets',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: { 200: { description: 'The ticket', schema: Ticket, example: ticketExample } },
    problems: ['ticket_not_found'],
    async handle({ params, principal }) {
      const found = await tickets.find(params.id);
      // Somebody else's ticket is answered like one that does not exist.
      if (found === null || found.userId !== principal.userId) return problem('ticket_not_found');
      return { status: 200, body: toTicket(found) };
    },
  });
