import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Tickets, TicketView } from '../application/ticket-view.ts';
import { parkSlug, Ticket, ticketExample, ticketStatus, toTicket } from './ticket-schema.ts';

export const listTicketsRoute = (tickets: Tickets) =>
  defineRoute({
    method: 'GET',
    path: '/tickets',
    operationId: 'listTickets',
    summary: 'Your tickets, newest first',
    tag: 'tickets',
    access: { kind: 'user' },
    query: Type.Object({
      ...pageQuery,
      status: Type.Optional(ticketStatus),
      park_id: Type.Optional(parkSlug),
    }),
    responses: {
      200: {
        description: 'A page of tickets',
        schema: pageOf(Ticket),
        example: { items: [ticketExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query, principal }) {
      const byId = ({ ticketId }: TicketView): string => ticketId;
      const page = await readPage('tickets', query, byId, async (before, limit) => {
        if (before !== null && !isUuid(before)) return null;
        const filter = { status: query.status, parkId: query.park_id, before: before ?? undefined, limit };
        return tickets.ofUser(principal.userId, filter);
      });
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toTicket), next_cursor: page.value.next } };
    },
  });
