import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { BuyTicket } from '../application/buy-ticket.ts';
import { fieldErrors, Ticket, ticketExample, toTicket, toVisit, VisitBody, visitExample } from './ticket-schema.ts';

export const buyTicketRoute = (buyTicket: BuyTicket) =>
  defineRoute({
    method: 'POST',
    path: '/tickets',
    operationId: 'buyTicket',
    summary: 'Hold places and make a ticket',
    description:
      'The ticket waits for its payment until `expires_at`; then its places are free again. A ticket that costs nothing is active at once.',
    tag: 'tickets',
    access: { kind: 'user' },
    idempotency: 'optional',
    body: VisitBody,
    bodyExample: visitExample,
    responses: { 201: { description: 'The ticket', schema: Ticket, example: ticketExample } },
    problems: [
      'park_not_found',
      'park_closed',
      'date_not_bookable',
      'child_not_found',
      'park_at_capacity',
      'validation_failed',
    ],
    async handle({ body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const bought = await buyTicket(toVisit(body, principal.userId), meta);
      if (bought.ok) return { status: 201, body: toTicket(bought.value) };
      const { refusal } = bought;
      switch (refusal.code) {
        case 'park_at_capacity':
          return problem('park_at_capacity', { extra: { remaining: refusal.remaining } });
        case 'date_not_bookable':
          return problem('date_not_bookable', { extra: { bookable_from: refusal.from, bookable_to: refusal.to } });
        case 'bad_child':
        case 'too_few_children':
          return problem('validation_failed', { errors: fieldErrors(refusal) ?? [] });
        default:
          return problem(refusal.code);
      }
    },
  });
