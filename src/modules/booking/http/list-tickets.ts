import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery } from '../../../infrastructure/http/schemas.ts';
import type { Tickets } from '../application/ticket-view.ts';
import { parkSlug, Ticket, ticketExample, ticketStatus, toTicket } from './ticket-schema.ts';

const toCursor = (ticketId: string): string => Buffer.from(ticketId).toString('base64url');
const fromCursor = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

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
      const limit = query.limit ?? 20;
      const before = query.cursor === undefined ? undefined : fromCursor(query.cursor);
      if (before !== undefined && !isUuid(before)) {
        return problem('validation_failed', { errors: [{ path: 'cursor', message: 'is not a cursor of this list' }] });
      }
      const filter = { status: query.status, parkId: query.park_id, before, limit: limit + 1 };
      const found = await tickets.ofUser(principal.userId, filter);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = found.length > limit && last !== undefined ? toCursor(last.ticketId) : null;
      return { status: 200, body: { items: page.map(toTicket), next_cursor: next } };
    },
  });
