import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { AcceptOffer } from '../application/accept-offer.ts';
import { Ticket, ticketExample, toTicket } from './ticket-schema.ts';

export const acceptOfferRoute = (acceptOffer: AcceptOffer) =>
  defineRoute({
    method: 'POST',
    path: '/waitlist/:id/accept',
    operationId: 'acceptOffer',
    summary: 'Take the places that are offered',
    description: 'Answers the ticket that holds them; pay it like any other before its `expires_at`.',
    tag: 'tickets',
    access: { kind: 'user' },
    idempotency: 'optional',
    params: Type.Object({ id: uuid() }),
    responses: { 200: { description: 'The ticket', schema: Ticket, example: ticketExample } },
    problems: ['waitlist_entry_not_found', 'nothing_offered'],
    async handle({ params, principal, correlationId, commandId }) {
      const meta = { actor: principal.actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const accepted = await acceptOffer({ entryId: params.id, userId: principal.userId }, meta);
      return accepted.ok ? { status: 200, body: toTicket(accepted.value) } : problem(accepted.refusal.code);
    },
  });
