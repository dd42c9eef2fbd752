import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import type { BuyTicket } from '../application/buy-ticket.ts';
import { isPassRefusal } from '../application/pass-visits.ts';
import { passProblem, passProblems } from './pass-schema.ts';
import {
  Ticket,
  ticketExample,
  toTicket,
  toVisit,
  VisitBody,
  visitExample,
  visitProblem,
  visitProblems,
} from './ticket-schema.ts';

export const buyTicketRoute = (buyTicket: BuyTicket) =>
  defineRoute({
    method: 'POST',
    path: '/tickets',
    operationId: 'buyTicket',
    summary: 'Hold places and make a ticket',
    description:
      'The ticket waits for its payment until `expires_at`; then its places are free again. A ticket that costs nothing, as a visit of a pass does, is active at once; but for a pass, it needs a proven number.',
    tag: 'tickets',
    access: { kind: 'user' },
    idempotency: 'optional',
    body: VisitBody,
    bodyExample: visitExample,
    responses: { 201: { description: 'The ticket', schema: Ticket, example: ticketExample } },
    problems: [...visitProblems, ...passProblems, 'park_at_capacity', 'phone_not_verified'],
    async handle({ body, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const bought = await buyTicket(toVisit(body, principal.userId), meta);
      if (bought.ok) return { status: 201, body: toTicket(bought.value) };
      const { refusal } = bought;
      if (isPassRefusal(refusal)) return passProblem(refusal);
      switch (refusal.code) {
        case 'park_at_capacity':
          return problem('park_at_capacity', { extra: { remaining: refusal.remaining } });
        case 'phone_not_verified':
          return problem('phone_not_verified');
        default:
          return visitProblem(refusal);
      }
    },
  });
